#include "mote/run/method_study.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "mote/base/error.h"

namespace mote {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

MethodRun RunOf(std::uint64_t score_seed, std::uint64_t seed,
                const std::vector<std::pair<double, double>>& leads) {
  MethodRun run{.score_seed = score_seed, .seed = seed};
  for (const auto& [seconds, truth] : leads) {
    run.leads.push_back({.score_seconds = seconds, .judge_seconds = {0}, .truths = {truth}});
  }
  return run;
}

double LastTruth(const MethodRun& run) { return run.leads.back().truths[0]; }

TEST(SpreadOf, TellsScoreSeedsFromProposals) {
  const std::vector<MethodRun> runs = {RunOf(0, 0, {{1, 1}}), RunOf(0, 1, {{1, 3}}),
                                       RunOf(1, 0, {{1, 5}}), RunOf(1, 1, {{1, 7}})};
  const Spread spread = SpreadOf(runs, LastTruth);
  EXPECT_EQ(spread.mean, 4);
  EXPECT_THAT(spread.sd, DoubleNear(std::sqrt(20.0 / 3), 1e-12));
  EXPECT_THAT(spread.sd_score_seed, DoubleNear(std::sqrt(8.0), 1e-12));  // of 2 and 6
}

TEST(SpreadOf, LeavesOutWhatFailed) {
  std::vector<MethodRun> runs = {RunOf(0, 0, {{1, 1}}), RunOf(0, 1, {})};
  runs[1].failure = "nothing";
  EXPECT_EQ(SpreadOf(runs, LastTruth).mean, 1);
  EXPECT_EQ(SpreadOf(runs, LastTruth).sd, 0);
}

TEST(CurveOf, TakesWhoLedByThen) {
  const MethodCurve curve =
      CurveOf({RunOf(0, 0, {{1, 10}, {4, 30}}), RunOf(0, 1, {{2, 20}, {16, 50}})}, 0);
  ASSERT_EQ(curve.seconds.size(), 120u);
  EXPECT_DOUBLE_EQ(curve.seconds.front(), 2);  // before, only one of them had a leader
  EXPECT_DOUBLE_EQ(curve.seconds.back(), 16);
  EXPECT_EQ(curve.mean.front(), 15);
  EXPECT_EQ(curve.mean.back(), 40);
  EXPECT_DOUBLE_EQ(curve.low.back(), 32);  // 30 + 0.1 * 20
  EXPECT_DOUBLE_EQ(curve.high.back(), 48);
  for (std::size_t i = 0; i < curve.seconds.size(); ++i) {
    if (curve.seconds[i] > 2.05 && curve.seconds[i] < 3.95) {
      EXPECT_EQ(curve.mean[i], 15);
    }
    if (curve.seconds[i] > 4.05 && curve.seconds[i] < 15.9) {
      EXPECT_EQ(curve.mean[i], 25);
    }
  }
}

// Ten cells that differ in how many 3x3 convolutions they have.
class MethodStudyTest : public testing::Test {
 protected:
  MethodStudyTest() : path_(testing::TempDir() + fmt::format("mote_methods_{}.csv", ::getpid())) {
    std::ofstream file(path_);
    file << "arch,val,cifar10_test_acc_200,cifar10_train_seconds_12,cifar10_train_seconds_200\n"
            "333333,0.50,0.90,100,1000\n"
            "333330,0.60,0.80,90,900\n"
            "333303,0.70,0.70,80,800\n"
            "111133,0.99,0.10,70,700\n"
            "111113,0.20,0.20,60,600\n"
            "111112,0.10,0.30,50,500\n";
    settings_.score.data = "noise";
    settings_.score.workers = 1;
    settings_.tables = {path_};
    settings_.judge = "val";
    settings_.targets = {"cifar10_test_acc_200"};
    settings_.judge_seconds = {"cifar10_train_seconds_12"};
    settings_.final_seconds = {"cifar10_train_seconds_200"};
    settings_.score_seeds = 2;
    settings_.proposal_seeds = 2;
  }
  ~MethodStudyTest() override { std::filesystem::remove(path_); }

  std::vector<MethodRun> Run(const Method& method) {
    return RunMethod(BuiltinCatalog(), method, settings_, stop_, std::make_shared<Holdings>());
  }

  std::filesystem::path path_;
  MethodStudySettings settings_;
  StopToken stop_;
};

TEST_F(MethodStudyTest, TheLargestAreJudgedAndTheBestOfThemWins) {
  Method method{.name = "largest", .summary = "", .strategy = "exhaustive"};
  method.estimators = {"macs"};
  method.finals.judged = 3;
  const auto runs = Run(method);
  // No seed matters: one run for each score seed.
  ASSERT_EQ(runs.size(), 2u);
  const MethodRun& run = runs[0];
  EXPECT_EQ(run.scored, 6);
  EXPECT_EQ(run.judged, 3);
  EXPECT_EQ(run.leads.back().truths[0], 0.70);  // 0.99 is not among the largest
  EXPECT_EQ(run.leads.back().judge_seconds[0], 270);
  EXPECT_EQ(run.final_seconds[0], 800);
  EXPECT_EQ(run.cost(0), 270);
  // Before the judgement the largest led.
  EXPECT_EQ(run.leads.front().truths[0], 0.90);
  EXPECT_EQ(run.leads.front().judge_seconds[0], 0);
  // And then the one with the highest `val` so far.
  ASSERT_EQ(run.leads.size(), 4u);
  EXPECT_EQ(run.leads[1].judge_seconds[0], 100);
  EXPECT_EQ(run.leads[1].truths[0], 0.90);
  EXPECT_EQ(run.leads[2].truths[0], run.leads[2].judge_seconds[0] == 190 ? 0.80 : 0.70);
}

// Where ranks among all judged decide, nobody leads by accuracy alone.
TEST_F(MethodStudyTest, JoinedJudgementsHaveOneEnd) {
  Method method{.name = "joined", .summary = "", .strategy = "exhaustive"};
  method.estimators = {"macs"};
  method.finals.judged = 3;
  method.finals.joined = true;
  EXPECT_EQ(Run(method)[0].leads.size(), 2u);
}

// Who leads for a while may have no truth; the winner must.
TEST_F(MethodStudyTest, AMissingTruthIsNoLeadAmongTheJudged) {
  std::ofstream(path_) << "arch,val,cifar10_test_acc_200,cifar10_train_seconds_12,"
                          "cifar10_train_seconds_200\n"
                          "333333,0.50,0.90,100,1000\n"
                          "333303,0.60,,90,900\n"
                          "111133,0.70,0.70,80,800\n";
  Method method{.name = "largest", .summary = "", .strategy = "exhaustive"};
  method.estimators = {"macs"};
  method.finals.judged = 3;
  const auto runs = Run(method);
  EXPECT_EQ(runs[0].leads.back().truths[0], 0.70);
  EXPECT_EQ(runs[0].leads.size(), 3u);
}

TEST_F(MethodStudyTest, ASearchByAccuracyPaysForAllItSees) {
  Method method{.name = "random", .summary = "", .strategy = "random"};
  method.set = {"random.samples=6"};
  method.estimators = {"macs"};
  method.purpose = Purpose::kJudge;
  const auto runs = Run(method);
  ASSERT_FALSE(runs.empty());
  for (const MethodRun& run : runs) {
    EXPECT_EQ(run.judged, 6);
    EXPECT_EQ(run.scored, 0);
    EXPECT_EQ(run.cost(0), 450);
    EXPECT_EQ(run.leads.back().truths[0], 0.10);
    EXPECT_EQ(run.leads.size(), 6u);
  }
}

// TE-NAS looks at supernets and finds a cell of the table: four of the six have an operation on
// every edge.
TEST_F(MethodStudyTest, ASupernetIsPrunedToACellOfTheTable) {
  Method method = FindMethod("te-nas");
  for (const char* cheap : {"te-nas.repeats=1", "ntk-condition.images=6",
                            "linear-regions.images=30", "linear-regions.batches=1"}) {
    method.set.emplace_back(cheap);
  }
  const auto runs = Run(method);
  ASSERT_EQ(runs.size(), 2u) << "nothing depends on the seed of proposals";
  for (const MethodRun& run : runs) {
    EXPECT_EQ(run.failure, "");
    EXPECT_EQ(run.scored, 2 * ((1 + 24) + (1 + 18) + (1 + 12)));
    EXPECT_EQ(run.judged, 0);
    ASSERT_EQ(run.leads.size(), 1u) << "there is no leader before the end";
    EXPECT_GT(run.cost(0), 0);
    EXPECT_THAT(run.leads[0].truths[0], testing::AnyOf(0.9, 0.1, 0.2, 0.3));
  }
}

TEST_F(MethodStudyTest, ProposalSeedsThatMatterAreKept) {
  Method method{.name = "random", .summary = "", .strategy = "random"};
  method.set = {"random.samples=1"};
  method.estimators = {"macs"};
  settings_.proposal_seeds = 8;
  EXPECT_EQ(Run(method).size(), 16u);
}

// Runs go on at once, and their trainings are told to one progress.
TEST_F(MethodStudyTest, IsTheSameByAnyNumberOfWorkers) {
  Method method{.name = "trained", .summary = "", .strategy = "random"};
  method.set = {"random.samples=2", "fast.epochs=1"};
  method.finals.judged = 1;
  settings_.proposal_seeds = 3;
  const auto alone = Run(method);
  settings_.score.workers = 3;
  MethodProgress last;
  int most = 0;
  const auto together = RunMethod(BuiltinCatalog(), method, settings_, stop_,
                                  std::make_shared<Holdings>(), [&](const MethodProgress& now) {
                                    EXPECT_GE(now.expected, now.done);
                                    most = std::max(most, now.done);
                                    last = now;
                                  });
  ASSERT_EQ(alone.size(), 6u);
  ASSERT_EQ(together.size(), alone.size());
  for (std::size_t r = 0; r < alone.size(); ++r) {
    EXPECT_EQ(together[r].score_seed, alone[r].score_seed);
    EXPECT_EQ(together[r].seed, alone[r].seed);
    EXPECT_EQ(together[r].winner, alone[r].winner);
    EXPECT_EQ(together[r].scored, alone[r].scored);
    EXPECT_EQ(together[r].leads.back().truths, alone[r].leads.back().truths);
  }
  EXPECT_EQ(last.done, last.expected);
  EXPECT_EQ(most, last.done);
}

TEST_F(MethodStudyTest, FindsTheColumnsOfCosts) {
  const auto space = BuiltinCatalog().spaces.Create("nasbench201", {});
  const Table table = Table::Load(path_, *space);
  settings_.targets = {"cifar10_test_acc_200", "val"};
  FindCostColumns(table, settings_);
  EXPECT_THAT(settings_.judge_seconds, ElementsAre("cifar10_train_seconds_12", ""));
  EXPECT_THAT(settings_.final_seconds, ElementsAre("cifar10_train_seconds_200", ""));
}

}  // namespace
}  // namespace mote
