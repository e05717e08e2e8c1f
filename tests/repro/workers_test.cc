// The same bits at any number of workers, in every run, in any order, from any store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "tests/repro/fakes.h"
#include "tests/repro/small_runs.h"

namespace mote {
namespace {

using testing::AllEstimates;
using testing::AllProbes;
using testing::DifferentCells;
using testing::Essence;
using testing::EssenceOf;
using testing::ExpectEqualStores;
using ::testing::Ge;
using ::testing::SizeIs;
using testing::SmallScores;
using testing::SmallSearch;
using testing::TempFolder;

// Every backend of this build, one after the other.
class Reproducibility : public ::testing::TestWithParam<std::string> {
 protected:
  SearchSettings Search(int workers, const std::filesystem::path& store = {}) const {
    return SmallSearch(GetParam(), workers, store);
  }
  ScoreSettings Scores(int workers, const std::filesystem::path& store = {}) const {
    return SmallScores(GetParam(), workers, store);
  }
};

std::string NameOf(const ::testing::TestParamInfo<std::string>& backend) { return backend.param; }
INSTANTIATE_TEST_SUITE_P(Backends, Reproducibility,
                         ::testing::ValuesIn(BuiltinCatalog().backends.Names()), NameOf);

TEST_P(Reproducibility, SearchesAreEqualAtAnyNumberOfWorkersAndInEveryRun) {
  const StopToken stop;
  Experiment judge(BuiltinCatalog(), Search(1), stop);
  const SearchResult result = judge.Run();
  const Essence essence = EssenceOf(result);
  EXPECT_TRUE(essence.finished);
  ASSERT_GE(essence.architectures, 10);
  EXPECT_TRUE(essence.sureness);
  EXPECT_TRUE(result.ranking[1].judged) << "two are judged";
  EXPECT_FALSE(result.ranking[2].judged);
  EXPECT_EQ(result.ranking[2].replicates, 2);
  EXPECT_GT(result.ranking[0].utility, 0);
  EXPECT_NE(result.ranking[2].utility, result.ranking[3].utility);
  for (int workers : {1, 2, 4}) {
    Experiment experiment(BuiltinCatalog(), Search(workers), stop);
    EXPECT_EQ(EssenceOf(experiment.Run()), essence) << workers << " workers";
    ExpectEqualStores(experiment.session().store(), judge.session().store());
  }
}

TEST_P(Reproducibility, TheSeedsDecide) {
  const StopToken stop;
  Experiment judge(BuiltinCatalog(), Search(2), stop);
  const Essence essence = EssenceOf(judge.Run());
  SearchSettings other_proposals = Search(2);
  other_proposals.seed = 1;
  Experiment proposals(BuiltinCatalog(), other_proposals, stop);
  EXPECT_NE(EssenceOf(proposals.Run()), essence);
  SearchSettings other_scores = Search(2);
  other_scores.score.score_seed = 1;
  Experiment scores(BuiltinCatalog(), other_scores, stop);
  EXPECT_NE(EssenceOf(scores.Run()), essence);
}

TEST_P(Reproducibility, WhatTheStoreHoldsOnlySavesTime) {
  const StopToken stop;
  const TempFolder folder;
  Experiment judge(BuiltinCatalog(), Search(2, folder / "judge.db"), stop);
  const SearchResult result = judge.Run();
  EXPECT_EQ(result.probes_measured, int(AllProbes(judge.session().store()).size()));
  const Hash128 content = judge.session().store().ContentHash();

  // Half of the search, scored before in another order.
  std::vector<Architecture> half;
  for (const Ranked& ranked : result.ranking) {
    if (half.size() < result.ranking.size() / 2) half.push_back(ranked.architecture);
  }
  std::reverse(half.begin(), half.end());
  int found = 0;
  {
    Session session(BuiltinCatalog(), Scores(1, folder / "half.db"), stop);
    (void)session.Score(session.estimators(), half, {});
    found = session.evaluator().probes_measured();
    ASSERT_GT(found, 0);
  }
  {
    Experiment experiment(BuiltinCatalog(), Search(1, folder / "half.db"), stop);
    const SearchResult again = experiment.Run();
    EXPECT_EQ(EssenceOf(again), EssenceOf(result));
    EXPECT_EQ(again.probes_measured, result.probes_measured - found);
    EXPECT_EQ(experiment.session().store().ContentHash(), content);
  }
  {
    Experiment experiment(BuiltinCatalog(), Search(2, folder / "half.db"), stop);
    const SearchResult again = experiment.Run();
    EXPECT_EQ(EssenceOf(again), EssenceOf(result));
    EXPECT_EQ(again.probes_measured, 0);
    EXPECT_EQ(again.probe_seconds, 0);
    EXPECT_EQ(experiment.session().store().ContentHash(), content);
  }
}

TEST_P(Reproducibility, ScoresDoNotDependOnTheOrderOfArchitectures) {
  const StopToken stop;
  Session judge(BuiltinCatalog(), Scores(1), stop);
  std::vector<Architecture> cells = DifferentCells(judge.space(), 8);
  const Seeds seeds{.seed = 5, .replicates = 2};
  const auto scores = judge.Score(judge.estimators(), cells, seeds)[0];

  Session shuffled(BuiltinCatalog(), Scores(2), stop);
  std::vector<int> order = Rng(Key(1, "order")).Sample(8, 8);
  std::vector<Architecture> mixed;
  for (int i : order) mixed.push_back(cells[i]);
  const auto mixed_scores = shuffled.Score(shuffled.estimators(), mixed, seeds)[0];
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(mixed_scores[i], scores[order[i]]) << cells[order[i]].text();
  ExpectEqualStores(shuffled.store(), judge.store());

  Session alone(BuiltinCatalog(), Scores(2), stop);
  for (int i : order) {
    EXPECT_EQ(alone.Score(alone.estimators(), {&cells[i], 1}, seeds)[0][0], scores[i]);
  }
  ExpectEqualStores(alone.store(), judge.store());
}

TEST_P(Reproducibility, EqualNetworksAreMeasuredOnce) {
  const StopToken stop;
  ScoreSettings settings = Scores(2);
  settings.estimators = {"mote.landscape", "params"};
  Session session(BuiltinCatalog(), settings, stop);
  const SearchSpace& space = session.space();
  // A convolution from input to output, with all sorts of dead edges beside it.
  std::vector<Architecture> members;
  const Architecture first = space.Parse("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|");
  for (std::int64_t index = 0; index < space.size() && members.size() < 6; index += 5) {
    Architecture member = space.At(index);
    if (space.IsConnected(member) && space.ClassId(member) == space.ClassId(first)) {
      members.push_back(std::move(member));
    }
  }
  members.push_back(first);
  ASSERT_THAT(members, SizeIs(Ge(4)));
  const auto scores = session.Score(session.estimators(), members, {});
  EXPECT_EQ(session.evaluator().probes_measured(), 1);
  for (const auto& score : scores[0]) EXPECT_EQ(score, scores[0][0]);
  // What is counted is the architecture itself, so each has records of its own.
  EXPECT_EQ(AllProbes(session.store()).size(), 1u);
  EXPECT_EQ(AllEstimates(session.store()).size(),
            2 * std::set<Architecture>(members.begin(), members.end()).size());

  // Another member comes later, and in a run of its own.
  Session later(BuiltinCatalog(), settings, stop);
  EXPECT_EQ(later.Score(later.estimators(), {&members[1], 1}, {})[0][0], scores[0][0]);
}

TEST_P(Reproducibility, EstimatorsAskedTogetherShareTheProbe) {
  const StopToken stop;
  const TempFolder folder;
  testing::WriteCalibration(folder / "constants.json");
  ScoreSettings settings = Scores(2);
  settings.estimators = {"mote", "tse", "mote.landscape", "tse-e", "macs"};
  settings.set.push_back("mote.form=released");
  settings.set.push_back(fmt::format("mote.calibration={}", (folder / "constants.json").string()));
  Session together(BuiltinCatalog(), settings, stop);
  const auto cells = DifferentCells(together.space(), 3);
  const auto scores = together.Score(together.estimators(), cells, {});
  EXPECT_EQ(together.evaluator().probes_measured(), 3);
  EXPECT_EQ(AllProbes(together.store()).size(), 3u);
  EXPECT_EQ(AllEstimates(together.store()).size(), 15u);
  // One by one they say the same.
  for (std::size_t e = 0; e < settings.estimators.size(); ++e) {
    ScoreSettings one = settings;
    one.estimators = {settings.estimators[e]};
    Session alone(BuiltinCatalog(), one, stop);
    EXPECT_EQ(alone.Score(alone.estimators(), cells, {})[0], scores[e]) << one.estimators[0];
  }
}

// The parts that do not train, under more haste than a training leaves room for.
TEST(Evaluator, IsTheSameInAHurry) {
  const StopToken stop;
  std::atomic<int> runs = 0;
  const Catalog catalog = testing::CatalogWithFakeProbe([&](const Architecture&) {
    ++runs;
    return std::nullopt;
  });
  ScoreSettings settings = SmallScores("reference", 1);
  settings.estimators = {"fake"};
  Session judge(catalog, settings, stop);
  std::vector<Architecture> cells;
  for (std::int64_t index = 0; index < judge.space().size(); index += 31) {
    cells.push_back(judge.space().At(index));
  }
  const Seeds seeds{.seed = 2, .replicates = 3};
  const auto scores = judge.Score(judge.estimators(), cells, seeds);
  const int measured = judge.evaluator().probes_measured();
  EXPECT_EQ(measured, runs);
  EXPECT_LT(measured, int(3 * cells.size())) << "some cells are of one class";
  settings.workers = 8;
  Session many(catalog, settings, stop);
  Rng(Key(1, "order")).Shuffle(std::span(cells));
  (void)many.Score(many.estimators(), cells, seeds);
  EXPECT_EQ(runs, 2 * measured);
  ExpectEqualStores(many.store(), judge.store());
  // And once more, out of its own store.
  Session same(catalog, settings, stop);
  const auto shuffled = same.Score(same.estimators(), cells, seeds);
  runs = 0;
  EXPECT_EQ(same.Score(same.estimators(), cells, seeds), shuffled);
  EXPECT_EQ(runs, 0);
}

TEST(Evaluator, ReportsProgressOfWhatIsMeasuredAndFound) {
  const StopToken stop;
  const Catalog catalog =
      testing::CatalogWithFakeProbe([](const Architecture&) { return std::nullopt; });
  ScoreSettings settings = SmallScores("reference", 4);
  settings.estimators = {"fake"};
  Session session(catalog, settings, stop);
  const auto cells = DifferentCells(session.space(), 20);
  const auto half = std::span(cells).first(10);
  for (const auto& [asked, measured] : {std::pair(half, 10), {std::span(cells), 10}}) {
    EvaluationProgress last;
    int reports = 0;
    (void)session.Score(session.estimators(), asked, {}, [&](const EvaluationProgress& now) {
      EXPECT_EQ(now.probes_total, int(asked.size()));
      EXPECT_GE(now.probes_done, last.probes_done);
      EXPECT_GE(now.probes_measured, last.probes_measured);
      last = now;
      ++reports;
    });
    EXPECT_EQ(last.probes_done, int(asked.size()));
    EXPECT_EQ(last.probes_measured, measured);
    EXPECT_EQ(reports, measured + 1);
  }
}

}  // namespace
}  // namespace mote
