#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(naswot);

namespace {

TEST(Naswot, LooksAtTheBenchmarksNetworkWithOneOutput) {
  const auto options = OptionsOfProbe(*MakeEstimator(RegisterEstimator_naswot, "naswot"));
  EXPECT_EQ(options["skeleton"], BenchmarkSkeleton().ToJson());
  EXPECT_EQ(options["outputs"], 1);
  EXPECT_EQ(options["batch"]["images"], 128);
  EXPECT_EQ(options["batch"]["augment"], false);
}

TEST(Naswot, IsMinusInfinityWithoutRectifiers) {
  const auto value = [](const char* cell) {
    return *EstimateCell(RegisterEstimator_naswot, "naswot", cell, {{"images", "6"}});
  };
  EXPECT_EQ(value("000000"), -INFINITY);
  EXPECT_EQ(value("111111"), -INFINITY);
  EXPECT_LT(value("000300"), value("333333"));  // more units
}

}  // namespace
}  // namespace mote
