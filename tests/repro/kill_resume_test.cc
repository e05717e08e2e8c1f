// A hundred kills: whenever a search is killed, `mote resume` ends as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

#include "mote/base/cpu.h"
#include "tests/repro/search_folder.h"

namespace mote {
namespace {

using testing::Ending;
using testing::ExpectEqualRuns;
using testing::MiniSearch;
using testing::Process;
using testing::SearchFolder;

constexpr int kKills = 100;
constexpr double kKillAgain = 0.7;   // chance that a resume is killed, too
constexpr double kKillEarly = 0.15;  // chance that a kill comes while the program is being loaded

// Processor seconds that a search has used when its run begins, and when its result is there.
struct Moments {
  double begun;
  double ended;
};

struct Tally {
  std::atomic<int> kills = 0;
  std::atomic<int> without_run = 0;  // killed before there was a run
  std::atomic<int> amid = 0;         // killed with a run and without a result
  std::atomic<int> chains = 0;
};

// One search from its start to its end, killed on the way as often as the dice say.
void RunChain(int number, const Moments& moments, const SearchFolder& judge, Tally& tally) {
  SearchFolder folder({.quiet = true});
  Rng dice(Key(1, "kills", number));
  std::string story;
  for (bool first = true;; first = false) {
    const int workers = 1 + int(dice.Below(2));
    const bool early = dice.Uniform() < kKillEarly;
    const double from = early ? 0 : moments.begun;
    const double to = early ? moments.begun : moments.ended;
    const double moment = from + dice.Uniform() * (to - from);
    const bool kill = (first || dice.Uniform() < kKillAgain) && tally.kills < kKills;
    story += fmt::format("{} with {} workers", folder.HasRun() ? "resume" : "search", workers);
    const auto process = folder.GoOn(workers);
    const Ending ending = kill ? process->SendAt(moment, SIGKILL) : process->Wait();
    if (ending.signal == SIGKILL && kill) {
      story += fmt::format(", killed at {:.4f} s; ", moment);
      ++tally.kills;
      if (!folder.HasRun()) {
        ++tally.without_run;
        EXPECT_FALSE(folder.HasResult()) << story;
      } else if (!folder.HasResult()) {
        ++tally.amid;
      }
      continue;
    }
    ASSERT_EQ(ending.signal, 0) << story << '\n' << process->Err();
    ASSERT_EQ(ending.exit_code, 0) << story << '\n' << process->Err();
    break;
  }
  SCOPED_TRACE(fmt::format("chain {}: {}", number, story));
  ++tally.chains;
  ExpectEqualRuns(folder, judge);
}

TEST(KillAndResume, EndsEqualAfterAHundredKills) {
  Moments moments;
  SearchFolder judge({.quiet = true});
  const auto process = judge.Search();
  ASSERT_TRUE(process->WaitForFile(judge.config())) << process->Err();
  moments.begun = process->ProcessorSeconds();
  ASSERT_TRUE(process->WaitForFile(judge.result())) << process->Err();
  moments.ended = process->ProcessorSeconds();
  ASSERT_EQ(process->Wait().exit_code, 0) << process->Err();
  Tally tally;
  std::atomic<int> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::clamp(AvailableCores(), 1, 4); ++i) {
    threads.emplace_back([&] {
      while (tally.kills < kKills && !::testing::Test::HasFatalFailure()) {
        RunChain(next++, moments, judge, tally);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string summary = fmt::format(
      "{} kills in {} searches: {} before there was a run, {} amid it", tally.kills.load(),
      tally.chains.load(), tally.without_run.load(), tally.amid.load());
  std::cout << summary << '\n';
  EXPECT_GE(tally.kills, kKills) << summary;
}

class EveryStrategy : public ::testing::TestWithParam<MiniSearch> {};

std::string NameOf(const ::testing::TestParamInfo<MiniSearch>& search) {
  std::string name =
      search.param.strategy + "_by_" + search.param.by + "_" + std::to_string(search.index);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(
    KillAndResume, EveryStrategy,
    ::testing::Values(
        MiniSearch{.strategy = "random", .set = {"random.samples=20"}, .quiet = true},
        MiniSearch{
            .strategy = "random", .by = "accuracy", .set = {"random.samples=12"}, .quiet = true},
        MiniSearch{.strategy = "exhaustive", .estimators = "macs", .quiet = true},
        MiniSearch{.strategy = "regularized-evolution",
                   .set = {"regularized-evolution.evaluations=20"},
                   .quiet = true},
        MiniSearch{.strategy = "regularized-evolution",
                   .by = "accuracy",
                   .set = {"regularized-evolution.evaluations=14"},
                   .quiet = true},
        MiniSearch{
            .strategy = "local-search", .set = {"local-search.evaluations=30"}, .quiet = true},
        MiniSearch{.strategy = "successive-halving",
                   .estimators = "mote.landscape,tse",
                   .set = {"successive-halving.samples=20"},
                   .quiet = true},
        MiniSearch{
            .strategy = "mote-nas-c2f",
            .estimators = "mote.landscape,tse,conv-edges",
            .set = {"mote-nas-c2f.networks=80", "mote-nas-c2f.structure=1", "mote-nas-c2f.block=5"},
            .quiet = true},
        MiniSearch{.strategy = "mote-nas-c2f",
                   .estimators = "mote.landscape,tse",
                   .set = {"mote-nas-c2f.networks=600", "mote-nas-c2f.decide=true",
                           "mote-nas-c2f.block=5"},
                   .quiet = true},
        MiniSearch{
            .strategy = "te-nas",
            .estimators = "ntk-condition,linear-regions",
            .set = {"ntk-condition.images=6", "ntk-condition.repeats=1", "linear-regions.images=20",
                    "linear-regions.repeats=1", "linear-regions.batches=1", "te-nas.repeats=2"},
            .quiet = true}),
    NameOf);

// With one worker, with two, and killed twice on the way.
TEST_P(EveryStrategy, EndsEqualHoweverItGotThere) {
  MiniSearch search = GetParam();
  SearchFolder two(search);
  search.workers = 1;
  SearchFolder one(search);
  double used = 0;
  for (SearchFolder* folder : {&two, &one}) {
    const auto process = folder->Search();
    ASSERT_TRUE(process->WaitForFile(folder->result())) << process->Err();
    used = process->ProcessorSeconds();
    ASSERT_EQ(process->Wait().exit_code, 0) << process->Err();
  }
  ExpectEqualRuns(one, two);
  SearchFolder killed(search);
  Rng dice(Key(2, "kills", search.strategy, search.by));
  for (int kill = 0; kill < 2 && !killed.HasResult(); ++kill) {
    killed.GoOn(1 + kill)->SendAt(dice.Uniform() * used, SIGKILL);
  }
  const auto process = killed.GoOn(2);
  ASSERT_EQ(process->Wait().exit_code, 0) << process->Err();
  ExpectEqualRuns(killed, two);
}

}  // namespace
}  // namespace mote
