// The best k by score are judged, and the best judged of them wins, whatever happens on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "tests/repro/fakes.h"
#include "tests/repro/small_runs.h"

namespace mote {
namespace {

using ::testing::AllOf;
using testing::AllProbes;
using testing::CatalogWithFakeJudge;
using testing::EssenceOf;
using testing::ExpectEqualStores;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;
using testing::SmallSearch;
using testing::TempFolder;

constexpr int kFinalists = 7;
constexpr int kJudged = 5;

SearchSettings JudgedSearch(int workers, const std::filesystem::path& store = {}) {
  SearchSettings settings = SmallSearch("reference", workers, store);
  settings.score.estimators = {"fake"};
  settings.finals = {.finalists = kFinalists, .replicates = 2, .judged = kJudged};
  return settings;
}

// Without structure; no two finalists share it.
double ScoreOf(const Architecture& architecture) { return double(architecture.id().low % 100'003); }

Outcome<double> Score(const Architecture& architecture, double) { return ScoreOf(architecture); }

// The worse the score, the better the judgement.
Outcome<double> Contradict(const Architecture& architecture, double) {
  return 1 / (1 + ScoreOf(architecture));
}

// Sessions refer to their catalog, so it is made once.
const Catalog& Untroubled() {
  static const Catalog catalog = CatalogWithFakeJudge(
      Score, [](const Architecture&) { return std::nullopt; }, Contradict);
  return catalog;
}

// What was judged, best first.
std::vector<Ranked> JudgedOf(const SearchResult& result) {
  std::vector<Ranked> judged;
  for (const Ranked& ranked : result.ranking) {
    if (ranked.judged) judged.push_back(ranked);
  }
  return judged;
}

bool HigherScore(const Ranked& a, const Ranked& b) { return a.utility > b.utility; }

class JudgingTest : public ::testing::TestWithParam<int> {};  // by workers

INSTANTIATE_TEST_SUITE_P(Workers, JudgingTest, ::testing::Values(1, 2, 8));

TEST_P(JudgingTest, PicksTheBestJudgedOfTheBestByScore) {
  const StopToken stop;
  std::atomic<int> judgements = 0;
  const Catalog catalog = CatalogWithFakeJudge(
      Score,
      [&](const Architecture&) {
        ++judgements;
        return std::nullopt;
      },
      Contradict);
  Experiment experiment(catalog, JudgedSearch(GetParam()), stop);
  const SearchResult result = experiment.Run();
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(judgements, kJudged);
  ASSERT_GT(result.ranking.size(), std::size_t(kFinalists));
  const auto judged = JudgedOf(result);
  ASSERT_THAT(judged, SizeIs(kJudged));
  for (int i = 0; i < kJudged; ++i) {
    EXPECT_EQ(result.ranking[i].architecture, judged[i].architecture) << "the judged stand first";
    EXPECT_EQ(*judged[i].judged, *Contradict(judged[i].architecture, 0));
    if (i > 0) {
      EXPECT_GT(*judged[i - 1].judged, *judged[i].judged);
      EXPECT_LT(judged[i - 1].utility, judged[i].utility);
    }
    // Nobody was passed over: who was not judged scores less than any who was.
    for (std::size_t other = kJudged; other < result.ranking.size(); ++other) {
      EXPECT_GT(judged[i].utility, result.ranking[other].utility);
    }
  }
}

TEST_P(JudgingTest, ADivergedFinalistIsAFailureAndStandsBehind) {
  const StopToken stop;
  Experiment untroubled(Untroubled(), JudgedSearch(1), stop);
  const auto wanted = JudgedOf(untroubled.Run());
  ASSERT_THAT(wanted, SizeIs(kJudged));
  // Hooks are asked of the representative of a class.
  const SearchSpace& space = untroubled.session().space();
  const Hash128 winner = space.ClassId(wanted[0].architecture);
  const Catalog catalog = CatalogWithFakeJudge(
      Score,
      [&](const Architecture& architecture) -> std::optional<Failure> {
        if (space.ClassId(architecture) != winner) return std::nullopt;
        return Failure{FailureKind::kDiverged, "the loss is not finite at step 3 of 9"};
      },
      Contradict);
  Experiment experiment(catalog, JudgedSearch(GetParam()), stop);
  const SearchResult result = experiment.Run();
  EXPECT_TRUE(result.finished);
  const auto judged = JudgedOf(result);
  ASSERT_THAT(judged, SizeIs(kJudged - 1));
  for (std::size_t i = 0; i < judged.size(); ++i) {
    EXPECT_EQ(judged[i].architecture, wanted[i + 1].architecture);
  }
  EXPECT_EQ(result.ranking[0].architecture, wanted[1].architecture);
  // The failed one is still a finalist: behind the judged, by its score among the rest.
  const auto failed = std::find_if(
      result.ranking.begin(), result.ranking.end(),
      [&](const Ranked& ranked) { return ranked.architecture == wanted[0].architecture; });
  ASSERT_NE(failed, result.ranking.end());
  EXPECT_EQ(failed - result.ranking.begin(), kJudged - 1);
  EXPECT_EQ(failed->replicates, 2);
  int stored = 0;
  experiment.session().store().ForEachEstimate([&](const EstimateRecord& record) {
    if (record.value || record.estimator != "val-accuracy@1") return;
    ++stored;
    EXPECT_EQ(record.value.failure().kind, FailureKind::kDiverged);
    EXPECT_EQ(record.architecture, wanted[0].architecture.text());
  });
  EXPECT_EQ(stored, 1);
}

TEST_P(JudgingTest, WithoutAnyJudgementTheScoreDecides) {
  const StopToken stop;
  const Catalog catalog = CatalogWithFakeJudge(
      Score,
      [](const Architecture&) -> std::optional<Failure> {
        return Failure{FailureKind::kOutOfMemory, "too large"};
      },
      Contradict);
  Experiment experiment(catalog, JudgedSearch(GetParam()), stop);
  const SearchResult result = experiment.Run();
  EXPECT_TRUE(result.finished);
  EXPECT_THAT(JudgedOf(result), SizeIs(0));
  EXPECT_TRUE(std::is_sorted(result.ranking.begin(), result.ranking.end(), HigherScore));
}

TEST_P(JudgingTest, GoesOnAfterAStopAmidTheJudging) {
  const StopToken never;
  Experiment judge(Untroubled(), JudgedSearch(1), never);
  const SearchResult wanted = judge.Run();
  const TempFolder folder;
  int kept = 0;
  {
    StopToken stop;
    std::atomic<int> judgements = 0;
    const Catalog catalog = CatalogWithFakeJudge(
        Score,
        [&](const Architecture&) {
          if (++judgements == 3) stop.Request();
          return std::nullopt;
        },
        Contradict);
    Experiment experiment(catalog, JudgedSearch(GetParam(), folder / "a.db"), stop);
    const SearchResult result = experiment.Run();
    EXPECT_FALSE(result.finished);
    // A generation is told whole or not at all: the best so far is the best by score.
    EXPECT_THAT(JudgedOf(result), SizeIs(0));
    EXPECT_TRUE(std::is_sorted(result.ranking.begin(), result.ranking.end(), HigherScore));
    kept = int(AllProbes(experiment.session().store()).size());
    EXPECT_THAT(kept, AllOf(Le(2), Ge(3 - GetParam())));
  }
  std::atomic<int> judgements = 0;
  const Catalog catalog = CatalogWithFakeJudge(
      Score,
      [&](const Architecture&) {
        ++judgements;
        return std::nullopt;
      },
      Contradict);
  Experiment resumed(catalog, JudgedSearch(GetParam(), folder / "a.db"), never);
  EXPECT_EQ(EssenceOf(resumed.Run()), EssenceOf(wanted));
  EXPECT_EQ(judgements, kJudged - kept) << "what was judged stays judged";
  ExpectEqualStores(resumed.session().store(), judge.session().store());
}

}  // namespace
}  // namespace mote
