#include "mote/probe/codes_probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

// Units x1, -x1 and x2: codes 101 and 100 have K = [[3, 2], [2, 3]].
TEST(CodesProbe, ByHand) {
  NetworkBuilder b({2, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", b.Relu("relu", b.Conv("conv", 0, 3, 1, 1, 0))), 1);
  const Network network = b.Finish();
  const std::vector<double> parameters = {1, 0, -1, 0, 0, 1, /*head*/ 0, 0, 0, 0};
  std::vector<InitialBatch> batches = {
      {.images = {1, 1, 1, -1}, .labels = {0, 0}, .height = 1, .width = 1}};
  const auto result = MeasureBy(CodesProbe(TinyRecipe()), network, parameters, batches);
  ASSERT_TRUE(result);
  EXPECT_NEAR((*result)["log_det"][0], 1.609438, 1e-6);
  EXPECT_EQ((*result)["units"][0], 3);

  batches[0].images = {1, 1, 2, 2};  // codes are equal
  const auto equal = MeasureBy(CodesProbe(TinyRecipe()), network, parameters, batches);
  ASSERT_TRUE(equal);
  EXPECT_TRUE(std::isinf((*equal)["log_det"][0]) && (*equal)["log_det"][0] < 0);
}

TEST(CodesProbe, CountsTheRectifiersOfEveryConvolution) {
  // Two cells of one edge with a convolution: 4 channels of 4x4.
  const auto result = RunOnCell(CodesProbe(TinyRecipe()), "000300");
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["units"][0], 2 * 64);
  EXPECT_TRUE(std::isfinite((*result)["log_det"][0]));
  EXPECT_LE((*result)["log_det"][0], 6 * std::log(128));
}

TEST(CodesProbe, HasMinusInfinityWithoutRectifiers) {
  for (const char* cell : {"000000", "111111", "444444"}) {
    const auto result = RunOnCell(CodesProbe(TinyRecipe()), cell);
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)["units"][0], 0) << cell;
    EXPECT_TRUE(std::isinf((*result)["log_det"][0])) << cell;
  }
}

}  // namespace
}  // namespace mote
