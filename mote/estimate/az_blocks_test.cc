#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(az_blocks);

namespace {

double Read(const std::string& name, std::vector<double> entropies, double repeats = 1) {
  const auto estimator = MakeEstimator(RegisterEstimator_az_blocks, name);
  return *ReadMade(*estimator, {{"entropy", std::move(entropies)},
                                {"trainability", {-1, -0.5, 0, -2.5}},
                                {"repeats", {repeats}}});
}

TEST(AzBlocks, ByHand) {
  EXPECT_DOUBLE_EQ(Read("az-expressivity", {1, 1.5, 1.25}), 3.75);
  EXPECT_DOUBLE_EQ(Read("az-progressivity", {1, 1.5, 1.25}), -0.25);
  EXPECT_DOUBLE_EQ(Read("az-trainability", {1, 1.5, 1.25}), -1);
  // Two repeats of two features.
  EXPECT_DOUBLE_EQ(Read("az-expressivity", {1, 2, 1, 4}, 2), 4);
  EXPECT_DOUBLE_EQ(Read("az-progressivity", {1, 2, 1, 4}, 2), 2);
}

TEST(AzBlocks, AreMinusInfinityWhereAFeatureDoesNotVary) {
  for (const char* name : {"az-expressivity", "az-progressivity"}) {
    EXPECT_EQ(Read(name, {1, -INFINITY, -INFINITY}), -INFINITY) << name;
    EXPECT_EQ(Read(name, {-INFINITY, 1, 2}), -INFINITY) << name;
  }
}

TEST(AzBlocks, ShareOneProbe) {
  const auto options = [](const char* name) {
    return OptionsOfProbe(*MakeEstimator(RegisterEstimator_az_blocks, name));
  };
  EXPECT_EQ(options("az-expressivity"), options("az-progressivity"));
  EXPECT_EQ(options("az-expressivity"), options("az-trainability"));
}

TEST(AzBlocks, OfDegenerateCells) {
  const auto of = [](const char* name, const char* cell) {
    return *EstimateCell(RegisterEstimator_az_blocks, name, cell, {{"images", "6"}});
  };
  EXPECT_EQ(of("az-expressivity", "000000"), -INFINITY);
  EXPECT_EQ(of("az-progressivity", "000000"), -INFINITY);
  EXPECT_LT(of("az-trainability", "000000"), -9e5);
  EXPECT_EQ(of("az-trainability", "000100"), -INFINITY);
  EXPECT_EQ(of("az-progressivity", "000100"), 0);
  EXPECT_GT(of("az-trainability", "333333"), -100);
}

}  // namespace
}  // namespace mote
