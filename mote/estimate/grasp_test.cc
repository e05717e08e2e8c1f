#include <gtest/gtest.h>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(grasp);
MOTE_ESTIMATOR(loss_gradient);

namespace {

TEST(Grasp, LooksAtTheNetworkAndImagesOfSnipInDoublePrecision) {
  const auto estimator = MakeEstimator(RegisterEstimator_grasp, "grasp");
  auto options = OptionsOfProbe(*MakeEstimator(RegisterEstimator_loss_gradient, "snip"));
  options["precision"] = "double";
  EXPECT_EQ(OptionsOfProbe(*estimator), options);
  EXPECT_EQ(*ReadMade(*estimator, {{"grasp", {-9, -4}}, {"repeats", {1}}}), -13);
}

TEST(Grasp, IsPositiveForConvolutionsAndZeroForNothing) {
  const auto value = [](const char* cell) {
    return *EstimateCell(RegisterEstimator_grasp, "grasp", cell, {{"images", "6"}});
  };
  EXPECT_EQ(value("000000"), 0);
  EXPECT_NE(value("111111"), 0);
  EXPECT_NE(value("333333"), 0);
}

}  // namespace
}  // namespace mote
