// A search that is stopped, resumed, asked for twice, or over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "mote/base/file.h"
#include "tests/repro/search_folder.h"

namespace mote {
namespace {

using testing::AllProbes;
using ::testing::AnyOf;
using testing::Ending;
using testing::ExpectEqualRuns;
using ::testing::HasSubstr;
using testing::MiniSearch;
using ::testing::Not;
using testing::SearchFolder;

// Long enough for a process to be met at work; tests try again where it was not.
constexpr MiniSearch kLong = {.iterations = 6};
constexpr int kTries = 20;

void RunToEnd(SearchFolder& folder) {
  const auto process = folder.Search();
  ASSERT_EQ(process->Wait().exit_code, 0) << process->Err();
}

TEST(StopAndResume, OneWorkerEndsAsTwoDo) {
  SearchFolder one({.workers = 1}), two({.workers = 2});
  RunToEnd(one);
  RunToEnd(two);
  ExpectEqualRuns(one, two);
}

class Interruption : public ::testing::TestWithParam<int> {};

std::string NameOf(const ::testing::TestParamInfo<int>& signal) {
  return signal.param == SIGINT ? "Interrupt" : "Terminate";
}
INSTANTIATE_TEST_SUITE_P(Signals, Interruption, ::testing::Values(SIGINT, SIGTERM), NameOf);

TEST_P(Interruption, StopsCleanlyAndTheRunGoesOn) {
  SearchFolder judge(kLong);
  RunToEnd(judge);
  int stops = 0;
  for (int i = 0; i < kTries && stops < 3; ++i) {
    SearchFolder folder(kLong);
    auto process = folder.Search();
    // From the first moment of a run on, and later.
    ASSERT_TRUE(process->WaitForFile(folder.config())) << process->Err();
    Ending ending = process->SendAt(process->ProcessorSeconds() + 0.03 * i, GetParam());
    for (int again = 0; ending.exit_code == 130; ++again) {
      ++stops;
      EXPECT_THAT(process->Out() + process->Err(),
                  HasSubstr("go on with: mote resume " + folder.run().string()));
      EXPECT_FALSE(folder.HasResult());
      EXPECT_TRUE(Store::OpenReadOnly(folder.store()));
      process = folder.Resume(2);
      // Once more while it resumes; by then the program can be taken at its word.
      ending = again == 0 ? process->SendAt(0.02 * i, GetParam()) : process->Wait();
      if (ending.signal == GetParam()) {  // before the program could listen
        process = folder.Resume(1);
        ending = process->Wait();
      }
    }
    ASSERT_EQ(ending.exit_code, 0) << process->Err();
    ExpectEqualRuns(folder, judge);
  }
  EXPECT_GE(stops, 1);
}

// What the run's store holds of the judging, while the program may be writing to it.
int CountJudgements(const SearchFolder& folder) {
  int count = 0;
  for (const auto& probe : AllProbes(*Store::OpenReadOnly(folder.store()))) {
    count += probe.probe.starts_with("accuracy@");
  }
  return count;
}

// Stopped with the first finalist judged and the next one in training.
TEST(StopAndResume, AmidTheJudgingEndsAsIfItHadNotStopped) {
  const MiniSearch search = {.workers = 1, .judged = 3, .judge_epochs = 40};
  SearchFolder judge(search);
  RunToEnd(judge);
  ASSERT_EQ(CountJudgements(judge), 3);
  for (int i = 0; i < kTries; ++i) {
    SearchFolder folder(search);
    const auto process = folder.Search();
    ASSERT_TRUE(process->WaitForFile(folder.config())) << process->Err();
    while (!process->Poll() && CountJudgements(folder) == 0) ::usleep(1000);
    process->Send(SIGINT);
    const Ending ending = process->Wait();
    const int judgements = CountJudgements(folder);
    if (ending.exit_code != 130 || judgements == 3) continue;  // it was too quick for us
    EXPECT_GE(judgements, 1);
    EXPECT_FALSE(folder.HasResult());
    const auto resumed = folder.Resume(2);
    ASSERT_EQ(resumed->Wait().exit_code, 0) << resumed->Err();
    ExpectEqualRuns(folder, judge);
    return;
  }
  FAIL() << "no search judged long enough to be met at it";
}

TEST(StopAndResume, ASecondProcessIsRefusedAndTheFirstUnharmed) {
  SearchFolder judge(kLong);
  RunToEnd(judge);
  for (int i = 0; i < kTries; ++i) {
    SearchFolder folder(kLong);
    const auto first = folder.Search();
    ASSERT_TRUE(first->WaitForFile(folder.config())) << first->Err();
    first->Send(SIGSTOP);
    if (!first->WaitUntilStopped() || folder.HasResult()) continue;  // it was too quick for us

    const auto second = folder.Resume(2);
    EXPECT_EQ(second->Wait().exit_code, 1);
    EXPECT_THAT(second->Err(), HasSubstr(fmt::format("in use by process {}", first->pid())));
    EXPECT_EQ(second->Out(), "");
    const auto third = folder.Search();
    EXPECT_EQ(third->Wait().exit_code, 2);
    EXPECT_THAT(third->Err(), HasSubstr("holds a run already; go on with `mote resume"));

    first->Send(SIGCONT);
    EXPECT_EQ(first->Wait().exit_code, 0) << first->Err();
    ExpectEqualRuns(folder, judge);
    return;
  }
  FAIL() << "no search lasted long enough to be met at work";
}

// Two processes begin the same run at the same time: one of them has it.
TEST(StopAndResume, OfTwoThatBeginOneRunOneIsRefused) {
  SearchFolder judge;
  RunToEnd(judge);
  for (int i = 0; i < 3; ++i) {
    SearchFolder folder;
    const auto a = folder.Search(), b = folder.Search();
    const int codes[] = {a->Wait().exit_code, b->Wait().exit_code};
    EXPECT_TRUE((codes[0] == 0) != (codes[1] == 0)) << codes[0] << " and " << codes[1];
    const auto& refused = codes[0] == 0 ? b : a;
    EXPECT_THAT(refused->Err(), AnyOf(HasSubstr("in use by"), HasSubstr("holds a run already")));
    ExpectEqualRuns(folder, judge);
  }
}

// Without the line that says how long it took.
std::string WithoutEffort(std::string story) {
  const auto effort = story.find(" networks trained,");
  if (effort == std::string::npos) return story;
  const auto from = story.rfind("\n\n", effort);
  return story.erase(from, story.find('\n', effort) - from);
}

TEST(StopAndResume, AFinishedRunIsPrintedAgain) {
  for (const char* format : {"json", "csv", "table"}) {
    SearchFolder folder({.format = format});
    const auto process = folder.Search();
    ASSERT_EQ(process->Wait().exit_code, 0) << process->Err();
    const std::string result = ReadFile(folder.result());
    const auto before = AllProbes(*Store::OpenReadOnly(folder.store()));
    const auto again = folder.Resume(1);
    ASSERT_EQ(again->Wait().exit_code, 0) << again->Err();
    EXPECT_EQ(again->Out(), WithoutEffort(process->Out()));
    EXPECT_THAT(again->Out(), Not(HasSubstr("networks trained")));
    const auto after = AllProbes(*Store::OpenReadOnly(folder.store()));
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      EXPECT_EQ(after[i].seconds, before[i].seconds) << "measured again";
    }
    EXPECT_EQ(ReadFile(folder.result()), result);
  }
}

TEST(StopAndResume, AFolderWithoutARunIsRefused) {
  SearchFolder folder;
  const auto process = folder.Resume(1);
  EXPECT_EQ(process->Wait().exit_code, 1);
  EXPECT_THAT(process->Err(), HasSubstr("holds no run"));
}

}  // namespace
}  // namespace mote
