#include "mote/search/finals.h"

#include <gtest/gtest.h>

#include <set>

#include "mote/base/error.h"
#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(exhaustive);
MOTE_STRATEGY(mote_nas);

namespace {

// Proposes what it is given, one generation; ranks by utility.
class Given final : public SearchStrategy {
 public:
  explicit Given(std::vector<Architecture> architectures)
      : architectures_(std::move(architectures)) {}

  std::vector<Request> Ask() override {
    std::vector<Request> requests;
    if (!asked_) {
      for (const Architecture& architecture : architectures_) requests.push_back({architecture});
    }
    asked_ = true;
    return requests;
  }
  void Tell(const std::vector<Evaluation>& evaluations) override {
    for (const auto& [request, utility] : evaluations) {
      if (utility.ok()) ranking_.push_back({request.architecture, *utility, 1});
    }
    std::stable_sort(ranking_.begin(), ranking_.end(),
                     [](const Ranked& a, const Ranked& b) { return a.utility > b.utility; });
  }
  std::vector<Ranked> Ranking() const override { return ranking_; }
  int ExpectedGenerations() const override { return 1; }
  int ExpectedRequests() const override { return int(architectures_.size()); }

 private:
  std::vector<Architecture> architectures_;
  std::vector<Ranked> ranking_;
  bool asked_ = false;
};

// The same, but what it ranks by is its own.
class OwnUtility final : public SearchStrategy {
 public:
  explicit OwnUtility(std::vector<Architecture> architectures) : given_(std::move(architectures)) {}
  std::vector<Request> Ask() override { return given_.Ask(); }
  void Tell(const std::vector<Evaluation>& evaluations) override { given_.Tell(evaluations); }
  std::vector<Ranked> Ranking() const override { return given_.Ranking(); }
  int ExpectedGenerations() const override { return given_.ExpectedGenerations(); }
  int ExpectedRequests() const override { return given_.ExpectedRequests(); }
  std::string utility_name() const override { return "merit"; }

 private:
  Given given_;
};

// Asks for one of a supernet and ranks others, which it never asked for.
class OfSupernet final : public SearchStrategy {
 public:
  explicit OfSupernet(std::vector<Architecture> found) : found_(std::move(found)) {}
  std::vector<Request> Ask() override {
    if (asked_) return {};
    asked_ = true;
    return {{Architecture("supernet", {7}, "all")}};
  }
  void Tell(const std::vector<Evaluation>&) override {}
  std::vector<Ranked> Ranking() const override {
    std::vector<Ranked> ranking;
    for (const Architecture& architecture : found_) ranking.push_back({architecture, 1, 3});
    return ranking;
  }
  int ExpectedGenerations() const override { return 1; }
  int ExpectedRequests() const override { return 1; }
  std::string utility_name() const override { return "sum of ranks"; }

 private:
  std::vector<Architecture> found_;
  bool asked_ = false;
};

const FakeSpace kSpace;
const SearchProblem kProblem{kSpace, AllFeasible, 7};

Finals MakeFinals(const std::vector<std::string>& texts, FinalsOptions options) {
  std::vector<Architecture> architectures;
  for (const std::string& text : texts) architectures.push_back(kSpace.Parse(text));
  return Finals(std::make_unique<Given>(architectures), kProblem, options);
}

std::string Texts(const std::vector<Ranked>& ranking) {
  std::string texts;
  for (const Ranked& ranked : ranking) texts += ranked.architecture.text() + " ";
  return texts;
}

std::string Texts(const std::vector<Request>& requests) {
  std::string texts;
  for (const Request& request : requests) {
    texts += request.architecture.text();
    if (request.purpose == Purpose::kJudge) texts += "j";
    if (request.replicate > 0) texts += "r" + std::to_string(request.replicate);
    texts += ' ';
  }
  return texts;
}

// Scores by architecture and replicate, accuracies by architecture; a missing one fails.
struct Scores {
  std::map<std::string, std::vector<double>> scores;
  std::map<std::string, double> accuracies;

  Outcome<double> operator()(const Request& request) const {
    const std::string& text = request.architecture.text();
    const Failure failure{FailureKind::kDiverged, text};
    if (request.purpose == Purpose::kJudge) {
      return accuracies.contains(text) ? Outcome<double>(accuracies.at(text)) : failure;
    }
    const std::vector<double>& own = scores.at(text);
    return request.replicate < int(own.size()) ? Outcome<double>(own[request.replicate]) : failure;
  }
};

TEST(Finals, RunsThroughItsStages) {
  Finals finals =
      MakeFinals({"0001", "0010", "0100"}, {.finalists = 2, .replicates = 3, .judged = 1});
  const Scores scores{{{"0001", {1, 1, 1}}, {"0010", {3, 0, 0}}, {"0100", {2, 2, 2}}},
                      {{"0100", 0.9}}};
  EXPECT_EQ(finals.ExpectedGenerations(), 3);
  EXPECT_EQ(finals.ExpectedRequests(), 3 + 2 * 2);

  EXPECT_EQ(finals.stage(), "proposing");
  std::vector<Request> requests = finals.Ask();
  EXPECT_EQ(Texts(requests), "0001 0010 0100 ");
  finals.Tell(Evaluate(requests, scores));
  EXPECT_EQ(Texts(finals.Ranking()), "0010 0100 0001 ");

  requests = finals.Ask();
  EXPECT_EQ(finals.stage(), "replicating");
  EXPECT_EQ(Texts(requests), "0010r1 0010r2 0100r1 0100r2 ");
  EXPECT_EQ(Texts(finals.Ranking()), "0010 0100 0001 ");
  EXPECT_FALSE(finals.WinnerSureness().has_value());
  finals.Tell(Evaluate(requests, scores));
  EXPECT_EQ(Texts(finals.Ranking()), "0100 0010 0001 ");

  requests = finals.Ask();
  EXPECT_EQ(finals.stage(), "judging");
  EXPECT_EQ(Texts(requests), "0100j ");
  finals.Tell(Evaluate(requests, scores));

  EXPECT_TRUE(finals.Ask().empty());
  EXPECT_EQ(finals.stage(), "done");
  const std::vector<Ranked> ranking = finals.Ranking();
  EXPECT_EQ(Texts(ranking), "0100 0010 0001 ");
  EXPECT_EQ(ranking[0].utility, 2);
  EXPECT_EQ(ranking[0].replicates, 3);
  EXPECT_EQ(ranking[0].judged, 0.9);
  EXPECT_EQ(ranking[1].utility, 1);  // (3 + 0 + 0) / 3
  EXPECT_FALSE(ranking[1].judged.has_value());
  EXPECT_EQ(ranking[2].replicates, 1);
  EXPECT_EQ(finals.ExpectedGenerations(), 3);
  EXPECT_EQ(finals.ExpectedRequests(), 7);
  EXPECT_TRUE(finals.Ask().empty());
}

TEST(Finals, AreSkippedWhenNotAskedFor) {
  Finals finals = MakeFinals({"0001", "0010"}, {.finalists = 2, .replicates = 1, .judged = 0});
  EXPECT_EQ(finals.ExpectedGenerations(), 1);
  EXPECT_EQ(RunToEnd(finals, BitsAsNumber).size(), 1u);
  EXPECT_EQ(finals.stage(), "done");
  EXPECT_FALSE(finals.WinnerSureness().has_value());
}

TEST(Finals, TakeTheFirstProposedOfEachClass) {
  // 1100 is of the class of 0100, 1010 of that of 0010; equal classes have equal utilities.
  Finals finals =
      MakeFinals({"1100", "0001", "0100", "0010", "1010"}, {.finalists = 3, .replicates = 2});
  const auto generations = RunToEnd(finals, BitsAsNumber);
  EXPECT_EQ(Texts(generations[1]), "1100r1 0010r1 0001r1 ");
  EXPECT_EQ(Texts(finals.Ranking()), "1100 0010 0001 0100 1010 ");
}

TEST(Finals, TakeTheFirstProposedEvenIfAnotherOfTheClassScoredHigher) {
  Finals finals = MakeFinals({"0100", "0001", "1100"}, {.finalists = 1, .replicates = 2});
  const Scores scores{{{"0100", {2, 2}}, {"0001", {1, 1}}, {"1100", {3, 3}}}, {}};
  EXPECT_EQ(Texts(RunToEnd(finals, scores)[1]), "0100r1 ");
}

TEST(Finals, PassOverAFirstProposedWithoutScore) {
  Finals finals = MakeFinals({"0100", "0001", "1100"}, {.finalists = 2, .replicates = 2});
  const Scores scores{{{"0100", {}}, {"0001", {1, 1}}, {"1100", {3, 3}}}, {}};
  EXPECT_EQ(Texts(RunToEnd(finals, scores)[1]), "1100r1 0001r1 ");
}

TEST(Finals, RankAFinalistWithAFailedReplicateAmongTheRest) {
  Finals finals =
      MakeFinals({"0001", "0010", "0100", "0111"}, {.finalists = 3, .replicates = 2, .judged = 3});
  const Scores scores{{{"0001", {1, 1}}, {"0010", {5}}, {"0100", {4, 4}}, {"0111", {3, 3}}},
                      {{"0100", 0.8}, {"0111", 0.9}, {"0010", 0.99}}};
  const auto generations = RunToEnd(finals, scores);
  EXPECT_EQ(Texts(generations[2]), "0100j 0111j ");
  const std::vector<Ranked> ranking = finals.Ranking();
  EXPECT_EQ(Texts(ranking), "0111 0100 0010 0001 ");
  EXPECT_EQ(ranking[2].utility, 5);
  EXPECT_EQ(ranking[2].replicates, 1);
}

TEST(Finals, RankAFailedJudgementBehindTheJudged) {
  Finals finals =
      MakeFinals({"0001", "0010", "0100", "0111"}, {.finalists = 4, .replicates = 1, .judged = 3});
  const Scores scores{{{"0001", {1}}, {"0010", {5}}, {"0100", {4}}, {"0111", {3}}},
                      {{"0111", 0.7}, {"0100", 0.7}}};
  EXPECT_EQ(Texts(RunToEnd(finals, scores)[1]), "0010j 0100j 0111j ");
  // Equal accuracies: the higher score first.
  EXPECT_EQ(Texts(finals.Ranking()), "0100 0111 0010 0001 ");
}

TEST(Finals, TakeAsManyFinalistsAsAreJudged) {
  Finals finals =
      MakeFinals({"0001", "0010", "0100"}, {.finalists = 1, .replicates = 2, .judged = 2});
  EXPECT_EQ(finals.ExpectedRequests(), 3 + 2);
  const auto generations = RunToEnd(finals, BitsAsNumber);
  EXPECT_EQ(Texts(generations[1]), "0100r1 0010r1 ");
  EXPECT_EQ(Texts(generations[2]), "0100j 0010j ");
}

TEST(Finals, DoNotReplicateWhatIsRankedByANumberOfItsOwn) {
  const std::vector<Architecture> architectures = {kSpace.Parse("0001"), kSpace.Parse("0010")};
  Finals finals(std::make_unique<OwnUtility>(architectures), kProblem,
                {.finalists = 2, .replicates = 8, .judged = 1});
  EXPECT_EQ(finals.ExpectedGenerations(), 2);
  EXPECT_EQ(finals.ExpectedRequests(), 2);
  const auto generations =
      RunToEnd(finals, Scores{{{"0001", {1}}, {"0010", {2}}}, {{"0010", 0.5}}});
  ASSERT_EQ(generations.size(), 2u);
  EXPECT_EQ(Texts(generations[1]), "0010j ");
  EXPECT_EQ(finals.Ranking()[0].utility, 2);
  EXPECT_EQ(finals.Ranking()[0].replicates, 1);
  EXPECT_FALSE(finals.WinnerSureness().has_value());
}

TEST(Finals, JudgeWhatWasFoundBySupernetsOnceForEachClass) {
  // 0010 and 1010 are one network.
  const std::vector<Architecture> found = {kSpace.Parse("1010"), kSpace.Parse("0010"),
                                           kSpace.Parse("0100")};
  Finals finals(std::make_unique<OfSupernet>(found), kProblem, {.replicates = 1, .judged = 3});
  const auto generations = RunToEnd(finals, Scores{{{"all", {1}}}, {{"1010", 0.5}, {"0100", 0.6}}});
  ASSERT_EQ(generations.size(), 2u);
  EXPECT_EQ(Texts(generations[1]), "1010j 0100j ");
  EXPECT_EQ(Texts(finals.Ranking()), "0100 1010 0010 ");
  EXPECT_EQ(finals.Ranking()[0].replicates, 3);
}

TEST(Finals, EndQuietlyWithoutAnyScore) {
  Finals finals = MakeFinals({"0001", "0010"}, {.judged = 2});
  const auto generations = RunToEnd(finals, [](const Request&) {
    return Failure{FailureKind::kDiverged, "always"};
  });
  EXPECT_EQ(generations.size(), 1u);
  EXPECT_EQ(finals.ExpectedGenerations(), 1);
  EXPECT_TRUE(finals.Ranking().empty());
  EXPECT_FALSE(finals.WinnerSureness().has_value());
}

// By score 0001 < 0010 < 0100, by accuracy the other way round but for the middle.
TEST(Finals, JoinScoreAndAccuracyByLogRankIfToldTo) {
  const Scores outcomes{{{"0001", {1}}, {"0010", {2}}, {"0100", {3}}},
                        {{"0001", 0.7}, {"0010", 0.8}, {"0100", 0.6}}};
  FinalsOptions options{.finalists = 3, .replicates = 1, .judged = 3};
  Finals by_accuracy = MakeFinals({"0001", "0010", "0100"}, options);
  RunToEnd(by_accuracy, outcomes);
  EXPECT_EQ(Texts(by_accuracy.Ranking()), "0010 0001 0100 ");
  // ln(rank/3) of score + accuracy: 0001 ln(1/3) + ln(2/3), 0010 ln(2/3) + 0, 0100 0 + ln(1/3).
  options.joined = true;
  Finals joined = MakeFinals({"0001", "0010", "0100"}, options);
  RunToEnd(joined, outcomes);
  EXPECT_EQ(Texts(joined.Ranking()), "0010 0100 0001 ");
  EXPECT_EQ(joined.Ranking()[1].judged, 0.6);
}

TEST(Finals, RefuseSenselessOptions) {
  EXPECT_THROW(MakeFinals({"0001"}, {.finalists = -1}), Error);
  EXPECT_THROW(MakeFinals({"0001"}, {.replicates = 0}), Error);
  EXPECT_THROW(MakeFinals({"0001"}, {.judged = -1}), Error);
}

double SurenessOf(const std::map<std::string, std::vector<double>>& scores) {
  std::vector<std::string> texts;
  int replicates = 0;
  for (const auto& [text, values] : scores) {
    texts.push_back(text);
    replicates = int(values.size());
  }
  Finals finals = MakeFinals(texts, {.replicates = replicates});
  RunToEnd(finals, Scores{scores, {}});
  const std::optional<Sureness> sureness = finals.WinnerSureness();
  EXPECT_EQ(sureness->resamples, 2000);
  EXPECT_EQ(sureness->first, finals.WinnerSureness()->first);
  return sureness->first;
}

TEST(WinnerSureness, IsOneWhereScoresDoNotOverlapOrTie) {
  EXPECT_EQ(SurenessOf({{"0001", {1, 2}}, {"0010", {3, 4}}}), 1);
  EXPECT_EQ(SurenessOf({{"0001", {3, 3}}, {"0010", {3, 3}}}), 1);
  EXPECT_EQ(SurenessOf({{"0001", {3, 1}}}), 1);
}

TEST(WinnerSureness, IsTheShareOfResamplesThatKeepTheWinner) {
  // 0001 has mean 2; its resamples have 1, 2, 2 or 3, of which three of four are above 1.9. The
  // standard deviation of the share is 0.01.
  EXPECT_NEAR(SurenessOf({{"0001", {3, 1}}, {"0010", {1.9, 1.9}}}), 0.75, 0.04);
  // The rival has 0 or 3.6, on average 1.8: 3.6 beats all but nothing, 1.8 beats 1, 0 never wins.
  // Kept: 1/4 (rival 0) + 1/2 * 3/4 (rival 1.8) = 0.625.
  EXPECT_NEAR(SurenessOf({{"0001", {3, 1}}, {"0010", {0, 3.6}}}), 0.625, 0.045);
}

TEST(WinnerSureness, ConcernsTheBestByScoreWhoeverIsJudgedBest) {
  Finals finals = MakeFinals({"0001", "0010"}, {.replicates = 2, .judged = 2});
  RunToEnd(finals,
           Scores{{{"0001", {3, 1}}, {"0010", {1.9, 1.9}}}, {{"0001", 0.1}, {"0010", 0.9}}});
  EXPECT_EQ(Texts(finals.Ranking()), "0010 0001 ");
  EXPECT_NEAR(finals.WinnerSureness()->first, 0.75, 0.04);
}

// Properties over many searches, with failures.
TEST(Finals, NeverAskTwiceNorMoreThanTheySay) {
  const FakeSpace space(8);
  StrategyRegistry strategies("strategy");
  RegisterStrategy_mote_nas(strategies);
  RegisterStrategy_exhaustive(strategies);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Formula erratic = [&](const Request& request) -> Outcome<double> {
      Rng rng(Key(seed, request.architecture.text(), request.replicate, int(request.purpose)));
      if (rng.Below(5) == 0) return Failure{FailureKind::kDiverged, "one in five"};
      return rng.Uniform();
    };
    const FinalsOptions options{
        .finalists = int(seed % 7), .replicates = int(seed % 3) + 1, .judged = int(seed % 5)};
    const auto run = [&](Finals& finals) {
      auto generations = RunToEnd(finals, erratic);
      int scores = 0, judgements = 0, replicates = 0;
      std::set<std::string> texts;
      for (const auto& generation : generations) {
        for (const Request& request : generation) {
          EXPECT_TRUE(texts.insert(Texts({request})).second) << Texts({request});
          scores += request.purpose == Purpose::kScore;
          replicates += request.replicate > 0;
          judgements += request.purpose == Purpose::kJudge;
        }
      }
      EXPECT_LE(judgements, options.judged);
      EXPECT_LE(replicates, std::max(options.finalists, options.judged) * (options.replicates - 1));
      EXPECT_EQ(finals.ExpectedRequests(), scores);
      EXPECT_GE(finals.ExpectedGenerations(), int(generations.size()));
      std::set<std::vector<int>> ranked;
      for (const Ranked& place : finals.Ranking()) {
        EXPECT_TRUE(ranked.insert(place.architecture.decisions()).second);
      }
      return generations;
    };
    for (const std::string name : {"mote-nas", "exhaustive"}) {
      const SearchProblem problem{space, AllFeasible, seed};
      Finals once(strategies.Create(name, {}, problem), problem, options);
      Finals again(strategies.Create(name, {}, problem), problem, options);
      EXPECT_EQ(run(once), run(again));
      EXPECT_EQ(Texts(once.Ranking()), Texts(again.Ranking()));
    }
  }
}

TEST(FinalsDeathTest, WantTheirAnswersInOrder) {
  Finals finals = MakeFinals({"0001", "0010"}, {.judged = 2});
  std::vector<Evaluation> evaluations = Evaluate(finals.Ask(), BitsAsNumber);
  EXPECT_DEATH(finals.Ask(), "have not been told");
  std::swap(evaluations[0], evaluations[1]);
  EXPECT_DEATH(finals.Tell(evaluations), "evaluation 0");
}

}  // namespace
}  // namespace mote
