#include "mote/reading/training_speed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

constexpr double kLosses[] = {2, 1.5, 1.2, 1.0};

TEST(TrainingSpeed, ByHand) {
  EXPECT_NEAR(SumOfLosses(kLosses), 5.7, 1e-15);
  EXPECT_EQ(SumOfLastLosses(kLosses, 1), 1);
  EXPECT_DOUBLE_EQ(SumOfLastLosses(kLosses, 2), 2.2);
  EXPECT_NEAR(NormalisedMovingAverage(kLosses, 0.1), 1.0235, 1e-15);  // the authors' mu = .9
  EXPECT_NEAR(NormalisedMovingAverage(kLosses, 0.9), 1.7875, 1e-15);
  EXPECT_NEAR(DiscountedSumOfLosses(kLosses, 0.9), 4.753, 1e-15);
  EXPECT_NEAR(DiscountedSumOfLosses(kLosses, 0.999), 5.689807, 1e-6);
}

TEST(TrainingSpeed, EqualsSumsOverWeights) {
  const std::vector<double> losses = Normals("losses", 0, 12);
  double discounted = 0, average = 0, weights = 0;
  for (int t = 1; t <= 12; ++t) {
    const double weight = std::pow(0.7, 12 - t) * (t == 1 ? 1 : 0.3);
    discounted += std::pow(0.7, 12 - t) * losses[t - 1];
    average += weight * losses[t - 1];
    weights += weight;
  }
  EXPECT_NEAR(weights, 1, 1e-15);
  EXPECT_NEAR(DiscountedSumOfLosses(losses, 0.7), discounted, 1e-14);
  EXPECT_NEAR(NormalisedMovingAverage(losses, 0.7), average, 1e-14);
}

TEST(TrainingSpeed, AtTheEndsOfItsOptions) {
  EXPECT_EQ(SumOfLastLosses(kLosses, 0), 0);
  EXPECT_EQ(SumOfLastLosses(kLosses, 9), SumOfLosses(kLosses));
  EXPECT_EQ(NormalisedMovingAverage(kLosses, 0), 1);
  EXPECT_EQ(NormalisedMovingAverage(kLosses, 1), 2);
  EXPECT_EQ(DiscountedSumOfLosses(kLosses, 0), 1);
  EXPECT_EQ(DiscountedSumOfLosses(kLosses, 1), SumOfLosses(kLosses));
  EXPECT_EQ(SumOfLosses({}), 0);
  EXPECT_EQ(DiscountedSumOfLosses({}, 0.9), 0);
}

}  // namespace
}  // namespace mote
