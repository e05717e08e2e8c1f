#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(zen);

namespace {

TEST(Zen, AddsTheScalesOfAllNorms) {
  const auto estimator = MakeEstimator(RegisterEstimator_zen, "zen");
  // Two repeats of two norms.
  EXPECT_EQ(*ReadMade(*estimator,
                      {{"difference", {-4, -2}}, {"norm_scale", {1, 2, 3, 4}}, {"repeats", {2}}}),
            -3 + 5);
  EXPECT_EQ(*ReadMade(*estimator, {{"difference", {-INFINITY, -INFINITY}},
                                   {"norm_scale", {1, 2, 3, 4}},
                                   {"repeats", {2}}}),
            -INFINITY);
}

TEST(Zen, OfCells) {
  EXPECT_EQ(*EstimateCell(RegisterEstimator_zen, "zen", "000000"), -INFINITY);
  EXPECT_TRUE(std::isfinite(*EstimateCell(RegisterEstimator_zen, "zen", "333333")));
  EXPECT_TRUE(std::isfinite(*EstimateCell(RegisterEstimator_zen, "zen", "111111")));
}

}  // namespace
}  // namespace mote
