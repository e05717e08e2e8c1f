#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "mote/base/error.h"
#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(te_nas);

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Places with three operations beside `none`, and their supernet.
class Cells : public DigitSpace {
 public:
  explicit Cells(int places = 2)
      : DigitSpace("cells", std::vector<int>(places, 4)),
        supernet_("sets", std::vector<int>(places, 8)) {}
  const SearchSpace* supernet() const override { return &supernet_; }

 private:
  DigitSpace supernet_;
};

std::unique_ptr<SearchStrategy> Make(const SearchProblem& problem,
                                     const std::map<std::string, std::string>& options = {}) {
  StrategyRegistry strategies("strategy");
  RegisterStrategy_te_nas(strategies);
  return strategies.Create("te-nas", options, problem);
}

SearchProblem Problem(const SearchSpace& space, Feasible feasible = AllFeasible) {
  return {.space = space, .feasible = std::move(feasible), .seed = 0, .estimators = 2};
}

// Condition numbers and regions of supernets by their text, the same in all replicates.
struct Numbers {
  std::map<std::string, std::pair<double, double>> of;

  Outcome<double> operator()(const Request& request) const {
    const auto& [condition, regions] = of.at(request.architecture.text());
    return request.estimator == 0 ? -condition : regions;
  }
};

// Two places, a and b, with operations 1, 2 and 4, of which a supernet has the sum: "77" is all.
// By round, what stands for the supernet without an operation:
//
//         kappa    change  rank   R    change  rank   sum  order
//   77    10                      100
//   67     8         .2     0      50    .5      4     4     4
//   57     9         .1     1      90    .1      1     2     0
//   37    12        -.2     3     100    0       0     3     3
//   76     9         .1     1      80    .2      2     3     1
//   75    10.004      0     2      90    .1      1     3     2
//   73    10          0     2      60    .4      3     5     5
//
// So a loses 2; b loses 1, which is as low as 2, but stood before it by kappa.
//
//   56    10                      100
//   46     5         .5     0      99    .01     0     0     0
//   16     5.0001    .5     0      98    .02     1     1     1
//   54    20       -1       2      97    .03     2     4     3
//   52     9         .1     1      96    .04     3     4     2
//
// a loses 1 and keeps 4; b loses 4, which stood before, and keeps 2.
const Numbers kByHand{{{"77", {10, 100}},
                       {"67", {8, 50}},
                       {"57", {9, 90}},
                       {"37", {12, 100}},
                       {"76", {9, 80}},
                       {"75", {10.004, 90}},
                       {"73", {10, 60}},
                       {"56", {10, 100}},
                       {"46", {5, 99}},
                       {"16", {5.0001, 98}},
                       {"54", {20, 97}},
                       {"52", {9, 96}}}};

std::vector<std::string> Texts(const std::vector<Ranked>& ranking) {
  std::vector<std::string> texts;
  for (const Ranked& ranked : ranking) texts.push_back(ranked.architecture.text());
  return texts;
}

TEST(TeNas, PrunesByBothRanksAndFindsACellOfTheSpace) {
  const Cells space;
  const auto strategy = Make(Problem(space));
  EXPECT_EQ(strategy->ExpectedGenerations(), 2);
  EXPECT_EQ(strategy->ExpectedRequests(), (7 + 5) * 2 * 3);
  std::vector<std::vector<std::string>> asked;
  for (const auto& generation : RunToEnd(*strategy, kByHand)) {
    asked.emplace_back();
    for (const Request& request : generation) {
      EXPECT_EQ(request.architecture.space(), "sets");
      if (asked.back().empty() || asked.back().back() != request.architecture.text()) {
        asked.back().push_back(request.architecture.text());
      }
    }
    EXPECT_EQ(generation.size(), asked.back().size() * 6);
  }
  EXPECT_THAT(asked, ElementsAre(ElementsAre("77", "67", "57", "37", "76", "75", "73"),
                                 ElementsAre("56", "46", "16", "54", "52")));
  // Options 1, 2 and 3 of the space stand for 1, 2 and 4.
  const std::vector<Ranked> ranking = strategy->Ranking();
  EXPECT_THAT(Texts(ranking), ElementsAre("32", "33", "12", "13"));
  EXPECT_EQ(ranking[0].architecture, space.Make({3, 2}));
  EXPECT_EQ(ranking[0].utility, 1 + 4);
  EXPECT_EQ(ranking[0].replicates, 3);
  EXPECT_EQ(ranking[3].utility, 0 + 4);
  EXPECT_EQ(strategy->utility_name(), "sum of ranks");
  EXPECT_EQ(strategy->ExpectedGenerations(), 2);
  EXPECT_EQ(strategy->ExpectedRequests(), 72);
  EXPECT_EQ(strategy->stage(), "done");
}

TEST(TeNas, RanksNothingBeforeTheEnd) {
  const Cells space;
  const auto strategy = Make(Problem(space));
  EXPECT_EQ(strategy->stage(), "pruning");
  strategy->Tell(Evaluate(strategy->Ask(), kByHand));
  EXPECT_TRUE(strategy->Ranking().empty());
  EXPECT_EQ(strategy->ExpectedGenerations(), 2);
  const auto requests = strategy->Ask();
  EXPECT_EQ(strategy->ExpectedGenerations(), 2);
  EXPECT_EQ(strategy->ExpectedRequests(), 72);
  strategy->Tell(Evaluate(requests, kByHand));
  EXPECT_FALSE(strategy->Ranking().empty());
  EXPECT_TRUE(strategy->Ask().empty());
}

TEST(TeNas, TakesTheBestFeasibleCellOfTheLastRound) {
  const Cells space;
  const auto find = [&](const std::set<std::string>& forbidden) {
    const auto strategy = Make(Problem(space, [&forbidden](const Architecture& cell) {
      return !forbidden.contains(cell.text());
    }));
    RunToEnd(*strategy, kByHand);
    return Texts(strategy->Ranking());
  };
  EXPECT_THAT(find({"32"}), ElementsAre("33", "12", "13"));
  EXPECT_THAT(find({"32", "33", "12"}), ElementsAre("13"));
  // None of them: by the ranks of the first round, where 1 and 1 have 4 + 3, 2 and 4 have 2 + 5.
  EXPECT_THAT(find({"32", "33", "12", "13"}), ElementsAre("11", "23", "31", "22", "21"));
}

TEST(TeNas, TakesSeveralAtATimeButNeverAll) {
  const Cells space;
  for (const char* prune : {"2", "3"}) {
    const auto strategy = Make(Problem(space), {{"prune", prune}});
    EXPECT_EQ(strategy->ExpectedGenerations(), 1);
    EXPECT_EQ(RunToEnd(*strategy, kByHand).size(), 1u);
    // What goes last in the first round: 1 of a, 4 of b.
    EXPECT_EQ(Texts(strategy->Ranking())[0], "13");
    EXPECT_EQ(strategy->Ranking().size(), 9u);
  }
}

// A single place: kappa of a supernet of three operations and without each, by replicate.
std::string FoundOfOne(const std::map<std::string, std::vector<double>>& conditions) {
  const Cells space(1);
  const auto strategy = Make(Problem(space), {{"prune", "2"}});
  RunToEnd(*strategy, [&](const Request& request) -> Outcome<double> {
    if (request.estimator == 1) return 100.0;
    const double condition = conditions.at(request.architecture.text())[request.replicate];
    if (std::isnan(condition)) return Failure{FailureKind::kDiverged, "not a number"};
    return -condition;
  });
  return Texts(strategy->Ranking())[0];
}

TEST(TeNas, RoundsEachChangeBeforeItAverages) {
  // .0004 thrice is nothing, and falls behind .001 + 0 + 0.
  EXPECT_EQ(FoundOfOne({{"7", {1000, 1000, 1000}},
                        {"6", {999.6, 999.6, 999.6}},
                        {"5", {999, 1000, 1000}},
                        {"3", {998, 998, 998}}}),
            "1");
}

TEST(TeNas, SortsByThreeDigitsButTellsMeansApart) {
  // -1.2343 stands before -1.234, for both are -1.23, and has a rank of its own.
  const Cells space(1);
  const auto strategy = Make(Problem(space));
  const auto generations = RunToEnd(*strategy, [](const Request& request) -> Outcome<double> {
    if (request.estimator == 1) return 100.0;
    if (request.architecture.text() == "7") return -1000.0;
    if (request.architecture.text() == "6") return request.replicate == 2 ? -2235.0 : -2234.0;
    return request.architecture.text() == "5" ? -2234.0 : -2500.0;
  });
  // So the first operation has gone, and the second round looks at the supernet without it.
  EXPECT_EQ(generations[1].front().architecture.text(), "4");
  EXPECT_EQ(generations[1].back().architecture.text(), "2");
}

TEST(TeNas, CountsWhatHasNoConditionAsAHundredThousand) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // Changes of -99, -98 and -100: the second goes first.
  EXPECT_EQ(FoundOfOne({{"7", {1000, 1000, 1000}},
                        {"6", {nan, nan, nan}},
                        {"5", {99000, 99000, 99000}},
                        {"3", {101000, 101000, 101000}}}),
            "3");
}

TEST(TeNas, CountsAnInfiniteConditionAsTheWorst) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(FoundOfOne({{"7", {1000, 1000, 1000}},
                        {"6", {infinite, 10, 10}},
                        {"5", {1e9, 1e9, 1e9}},
                        {"3", {1e8, 1e8, 1e8}}}),
            "1");
  // The supernet itself is infinite: only what makes it finite is a change.
  EXPECT_EQ(FoundOfOne({{"7", {infinite, infinite, infinite}},
                        {"6", {infinite, infinite, infinite}},
                        {"5", {20, 20, 20}},
                        {"3", {10, 10, 10}}}),
            "1");
}

TEST(TeNas, EndsWithoutResultWhereAnEstimatorGivesNothing) {
  const Cells space;
  for (const int failing : {0, 1}) {
    const auto strategy = Make(Problem(space));
    const auto generations = RunToEnd(*strategy, [&](const Request& request) -> Outcome<double> {
      if (request.estimator == failing) return Failure{FailureKind::kUnsupported, "no tapes"};
      return 1.0;
    });
    EXPECT_EQ(generations.size(), 1u);
    EXPECT_TRUE(strategy->Ranking().empty());
    EXPECT_EQ(strategy->ExpectedGenerations(), 1);
  }
}

// With a single place the supernet of the second round is one that the first round has looked at.
TEST(TeNas, NeverAsksTwice) {
  for (const int places : {1, 3}) {
    const Cells space(places);
    const auto strategy = Make(Problem(space), {{"repeats", "2"}});
    std::set<std::tuple<std::string, int, int>> asked;
    for (const auto& generation : RunToEnd(*strategy, [](const Request& request) {
           return double(request.architecture.id().low % 1000);
         })) {
      for (const Request& request : generation) {
        EXPECT_TRUE(asked.emplace(request.architecture.text(), request.estimator, request.replicate)
                        .second);
      }
    }
    EXPECT_FALSE(strategy->Ranking().empty());
  }
}

void ExpectRefusal(const SearchProblem& problem, ErrorCode code, const std::string& words) {
  try {
    Make(problem);
    FAIL() << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

TEST(TeNas, RefusesWhatItCannotPrune) {
  const FakeSpace without;
  ExpectRefusal(Problem(without), ErrorCode::kUnsupported, "the space fake has none");
  const Cells space;
  SearchProblem problem = Problem(space);
  problem.estimators = 1;
  ExpectRefusal(problem, ErrorCode::kInvalidArgument, "ntk-condition,linear-regions");
  problem.estimators = 3;
  ExpectRefusal(problem, ErrorCode::kInvalidArgument, "this search has 3");
  SearchProblem by_accuracy = Problem(space);
  by_accuracy.purpose = Purpose::kJudge;
  ExpectRefusal(by_accuracy, ErrorCode::kInvalidArgument, "--by accuracy");
  // Of cells that have an operation at both places there is none.
  const Feasible empty_place = [](const Architecture& cell) {
    return cell.text().find('0') != std::string::npos;
  };
  ExpectRefusal(Problem(space, empty_place), ErrorCode::kInvalidArgument, "loosen the limits");
}

TEST(TeNasDeathTest, WantsItsAnswersInOrderAndBeforeTheNextAsk) {
  const Cells space;
  const auto strategy = Make(Problem(space));
  std::vector<Evaluation> evaluations = Evaluate(strategy->Ask(), kByHand);
  EXPECT_DEATH(strategy->Ask(), "have not been told");
  std::swap(evaluations[0], evaluations[1]);
  EXPECT_DEATH(strategy->Tell(evaluations), "evaluation 0");
}

}  // namespace
}  // namespace mote
