#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(synflow);

namespace {

TEST(Synflow, LooksAtOneImageOfOnesInDoublePrecision) {
  const auto options = OptionsOfProbe(*MakeEstimator(RegisterEstimator_synflow, "synflow"));
  EXPECT_EQ(options["skeleton"], ZeroCostSkeleton().ToJson());
  EXPECT_EQ(options["batch"]["source"], "ones");
  EXPECT_EQ(options["batch"]["images"], 1);
  EXPECT_EQ(options["precision"], "double");
  EXPECT_EQ(options["norm"], "identity");
  auto with = OptionsOfProbe(*MakeEstimator(RegisterEstimator_synflow, "synflow-bn"));
  EXPECT_EQ(with["norm"], "batch");
  with["norm"] = options["norm"];
  EXPECT_EQ(with, options);
}

TEST(Synflow, IsMinusInfinityWhereNothingFlows) {
  for (const std::string name : {"synflow", "synflow-bn"}) {
    const auto value = [&](const char* cell) {
      return *EstimateCell(RegisterEstimator_synflow, name, cell);
    };
    EXPECT_EQ(value("000000"), -INFINITY) << name;
    EXPECT_TRUE(std::isfinite(value("111111"))) << name;
    EXPECT_TRUE(std::isfinite(value("333333"))) << name;
  }
}

}  // namespace
}  // namespace mote
