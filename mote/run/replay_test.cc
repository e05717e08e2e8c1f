#include "mote/run/replay.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mote/base/error.h"
#include "mote/space/search_space.h"

namespace mote {

MOTE_SPACE(nasbench201);

namespace {

std::unique_ptr<SearchSpace> NasBench201() {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  return spaces.Create("nasbench201", {});
}

// Two small tables in a folder of their own.
class ReplayOfFakeTables : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Table MakeTable(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return Table::Load(folder_ / name, *space_);
  }
  std::string Arch(std::int64_t index) const { return space_->At(index).text(); }

  const std::unique_ptr<SearchSpace> space_ = NasBench201();
  const ReplayColumns columns_{"s", "s_seconds", "j", "j_seconds", "t"};
  std::filesystem::path folder_;
};

// At most ten cells: iteration 0 takes all of them, so that everything can be told by hand.
TEST_F(ReplayOfFakeTables, FollowsItsHandComputedCourse) {
  const Table scores =
      MakeTable("scores.csv", "arch,s,s_seconds\n" + Arch(700) + ",1,10\n" + Arch(800) + ",4,20\n" +
                                  Arch(900) + ",3,30\n" + Arch(901) + ",2,40\n" + Arch(902) +
                                  ",9,50\n" + Arch(903) + ",,60\n");
  // 902 has no judgement and 903 no score; 904 is in one table only.
  const Table truths =
      MakeTable("truths.csv", "arch,t,j,j_seconds\n" + Arch(700) + ",70,0.9,1000\n" + Arch(800) +
                                  ",80,0.5,2000\n" + Arch(900) + ",90,0.6,3000\n" + Arch(901) +
                                  ",91,0.6,4000\n" + Arch(902) + ",92,,5000\n" + Arch(903) +
                                  ",93,1,6000\n" + Arch(904) + ",94,1,7000\n");
  ReplayResult result = Replay(*space_, scores, truths, columns_, {}, 5, 1);
  EXPECT_DOUBLE_EQ(result.mean, 80);
  EXPECT_DOUBLE_EQ(result.sd, 0);
  EXPECT_DOUBLE_EQ(result.cost_seconds, 100);
  EXPECT_DOUBLE_EQ(result.pool, 4);
  // Of 800, 900 and 901 the latter two tie; 900 has the higher score.
  result = Replay(*space_, scores, truths, columns_, {.judged = 3}, 5, 1);
  EXPECT_DOUBLE_EQ(result.mean, 90);
  EXPECT_DOUBLE_EQ(result.cost_seconds, 100 + 9000);
  result = Replay(*space_, scores, truths, columns_, {.judged = 100}, 5, 1);
  EXPECT_DOUBLE_EQ(result.mean, 70);
  EXPECT_DOUBLE_EQ(result.cost_seconds, 100 + 10000);
}

TEST_F(ReplayOfFakeTables, RefusesWhatCannotBeReplayed) {
  const Table scores = MakeTable("scores.csv", "arch,s,s_seconds\n" + Arch(700) + ",1,10\n");
  const Table truths = MakeTable("truths.csv", "arch,t,j,j_seconds\n" + Arch(700) + ",70,0.9,1\n");
  const Table others = MakeTable("others.csv", "arch,t,j,j_seconds\n" + Arch(701) + ",70,0.9,1\n");
  const auto expect_error = [&](const Table& table, const ReplayColumns& columns,
                                const ReplaySetting& setting, int runs, const char* words) {
    try {
      Replay(*space_, scores, table, columns, setting, runs, 1);
      ADD_FAILURE() << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  };
  expect_error(others, columns_, {}, 1, "no cell in common");
  expect_error(truths, {}, {}, 1, "mote");
  expect_error(truths, columns_, {.iterations = 0}, 1, "iterations");
  expect_error(truths, columns_, {.parent_share = 2}, 1, "parents");
  expect_error(truths, columns_, {.judged = -1}, 1, "judged");
  expect_error(truths, columns_, {}, 0, "0 runs");
}

std::filesystem::path DataFolder() {
  if (const char* folder = std::getenv("MOTE_DATA")) return folder;
  return std::filesystem::path(MOTE_SOURCE_DIR) / "../shared/data";
}

// The released scores and the benchmark's accuracies of 10,000 cells.
class ReplayOfReleasedScores : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path folder = DataFolder() / "nasbench201";
    if (!std::filesystem::exists(folder / "mote_reference.csv.gz") ||
        !std::filesystem::exists(folder / "accuracy.csv.gz")) {
      return;
    }
    space_ = NasBench201().release();
    scores_ = new Table(Table::Load(folder / "mote_reference.csv.gz", *space_));
    truths_ = new Table(Table::Load(folder / "accuracy.csv.gz", *space_));
  }
  static void TearDownTestSuite() {
    delete scores_;
    delete truths_;
    delete space_;
  }
  void SetUp() override {
    if (!scores_) GTEST_SKIP() << "no nasbench201 tables; set MOTE_DATA to a folder with them";
  }

  static ReplayResult Run(const std::string& dataset, const ReplaySetting& setting, int runs) {
    ReplayColumns columns;
    columns.judge = dataset + "_test_acc_12";
    columns.judge_seconds = dataset + "_train_seconds_12";
    columns.target = dataset + "_test_acc_200";
    return Replay(*space_, *scores_, *truths_, columns, setting, runs, 1);
  }

  inline static SearchSpace* space_ = nullptr;
  inline static Table* scores_ = nullptr;
  inline static Table* truths_ = nullptr;
};

TEST_F(ReplayOfReleasedScores, FindsWhatTheEvaluationFreeFormFound) {
  const ReplayResult result = Run("cifar10", {}, 100);
  EXPECT_NEAR(result.mean, 0.9313, 0.002);
  EXPECT_NEAR(result.sd, 0.0067, 0.003);
  EXPECT_NEAR(result.pool, 25, 2);
  EXPECT_NEAR(result.cost_seconds, 210, 20);
}

TEST_F(ReplayOfReleasedScores, FindsWhatTheLargestSearchFound) {
  const ReplayResult result =
      Run("cifar100", {.judged = 20, .iterations = 30, .parent_share = 0.1}, 100);
  EXPECT_NEAR(result.mean, 0.7268, 0.003);
  EXPECT_LT(result.pool, 1120 * 1.03);
  EXPECT_GT(result.pool, 1120 * 0.90);
  EXPECT_NEAR(result.cost_seconds, 16900, 1000);
}

TEST_F(ReplayOfReleasedScores, IsAFunctionOfItsSeed) {
  const ReplayResult once = Run("cifar10", {.judged = 5}, 20);
  const ReplayResult again = Run("cifar10", {.judged = 5}, 20);
  EXPECT_EQ(once.mean, again.mean);
  EXPECT_EQ(once.cost_seconds, again.cost_seconds);
}

}  // namespace
}  // namespace mote
