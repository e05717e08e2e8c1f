#include <gmock/gmock.h>

#include <numeric>
#include <set>

#include "mote/data/prepared_data.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

TEST(BatchPlan, OrdersEveryImageOnce) {
  const BatchPlan plan(100, 30, false, 5, 0);
  std::vector<int> order = plan.Order(3);
  std::sort(order.begin(), order.end());
  std::vector<int> all(100);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST(BatchPlan, OrderDependsOnSeedReplicateAndEpochAlone) {
  const BatchPlan plan(50, 8, false, 5, 1);
  const std::vector<int> order = plan.Order(2);
  plan.Order(7);  // asking for another epoch changes nothing
  EXPECT_EQ(plan.Order(2), order);
  EXPECT_EQ(BatchPlan(50, 16, true, 5, 1).Order(2), order);
  EXPECT_NE(plan.Order(3), order);
  EXPECT_NE(BatchPlan(50, 8, false, 6, 1).Order(2), order);
  EXPECT_NE(BatchPlan(50, 8, false, 5, 2).Order(2), order);
}

// The stream's name is a promise: every stored result depends on it.
TEST(BatchPlan, UsesTheNamedStream) {
  std::vector<int> expected(20);
  std::iota(expected.begin(), expected.end(), 0);
  Rng rng(Key(5, "batches", 1, 2));
  rng.Shuffle(std::span(expected));
  EXPECT_EQ(BatchPlan(20, 4, false, 5, 1).Order(2), expected);
}

TEST(BatchPlan, CutsIntoBatchesAndKeepsOrDropsTheRest) {
  const BatchPlan dropping(10, 4, false, 0, 0), keeping(10, 4, true, 0, 0);
  EXPECT_EQ(dropping.batches_per_epoch(), 2);
  EXPECT_EQ(keeping.batches_per_epoch(), 3);
  const std::vector<int> order = keeping.Order(0);
  EXPECT_EQ(keeping.Batch(order, 0).size(), 4u);
  EXPECT_EQ(keeping.Batch(order, 2).size(), 2u);
  EXPECT_EQ(keeping.Batch(order, 1)[0], order[4]);
  EXPECT_EQ(BatchPlan(8, 4, true, 0, 0).batches_per_epoch(), 2);
}

TEST(BatchPlan, IsOneBatchOfAllIfImagesAreFew) {
  for (const bool keep : {false, true}) {
    const BatchPlan plan(3, 64, keep, 0, 0);
    EXPECT_EQ(plan.batches_per_epoch(), 1);
    const std::vector<int> order = plan.Order(0);
    EXPECT_EQ(plan.Batch(order, 0).size(), 3u);
  }
}

TEST(BatchPlan, PutsEachImageInFrontEquallyOften) {
  const BatchPlan plan(4, 2, false, 0, 0);
  std::vector<int> counts(4);
  for (int epoch = 0; epoch < 4000; ++epoch) ++counts[plan.Order(epoch)[0]];
  for (const int count : counts) EXPECT_NEAR(count, 1000, 5 * 28);
}

TEST(BatchPlan, RefusesEmptyBatches) {
  EXPECT_ERROR(BatchPlan(10, 0, false, 0, 0), ErrorCode::kInvalidArgument,
               HasSubstr("batch size is 0"));
}

}  // namespace
}  // namespace mote
