#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(knas_released);

namespace {

TEST(KnasReleased, RunsFiftyImagesOneByOne) {
  const auto estimator = MakeEstimator(RegisterEstimator_knas_released, "knas-released");
  const auto options = OptionsOfProbe(*estimator);
  EXPECT_EQ(options["skeleton"], BenchmarkSkeleton().ToJson());
  EXPECT_EQ(options["batch"]["images"], 1);
  EXPECT_EQ(options["batch"]["batches"], 50);
  EXPECT_EQ(*ReadMade(*estimator, {{"covariance", {-0.5}}, {"repeats", {1}}}), -0.5);
}

TEST(KnasReleased, IsANumberForEveryCell) {
  for (const char* cell : {"000000", "111111", "333333"}) {
    const auto value = EstimateCell(RegisterEstimator_knas_released, "knas-released", cell);
    ASSERT_TRUE(value) << cell;
    EXPECT_TRUE(std::isfinite(*value)) << cell;
  }
}

}  // namespace
}  // namespace mote
