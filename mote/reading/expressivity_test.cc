#include "mote/reading/expressivity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(SpectralEntropy, ByHand) {
  const double eigenvalues[] = {3, 1};
  EXPECT_NEAR(*SpectralEntropy(eigenvalues), 0.562335, 1e-6);
  const double equal[] = {2, 2, 2, 2}, single[] = {5}, sparse[] = {0, 7, 0};
  EXPECT_NEAR(*SpectralEntropy(equal), std::log(4), 1e-7);
  EXPECT_NEAR(*SpectralEntropy(single), 0, 1e-7);
  EXPECT_NEAR(*SpectralEntropy(sparse), 0, 1e-7);
}

TEST(SpectralEntropy, TakesNegativeRoundingForZero) {
  const double rounded[] = {-1e-9, 1, 3}, clean[] = {0, 1, 3};
  EXPECT_EQ(*SpectralEntropy(rounded), *SpectralEntropy(clean));
}

TEST(SpectralEntropy, OfNothingIsUndefined) {
  const double zeros[] = {0, 0}, bad[] = {1, kNan};
  EXPECT_EQ(SpectralEntropy(zeros).failure().kind, FailureKind::kUndefined);
  EXPECT_EQ(SpectralEntropy({}).failure().kind, FailureKind::kUndefined);
  EXPECT_EQ(SpectralEntropy(bad).failure().kind, FailureKind::kDiverged);
}

TEST(FeatureEntropy, ByHand) {
  // Uncorrelated channels of variances in the ratio 3 to 1, about means of 5 and -1.
  const double a = std::sqrt(3.0);
  const double map[] = {5 + a, 0, 5 + a, -2, 5 - a, 0, 5 - a, -2};
  EXPECT_NEAR(*FeatureEntropy(map, 2), 0.562335, 1e-6);
  // Covariance [[1, 1], [1, 2]]: eigenvalues 0.381966 and 2.618034 of a trace of 3.
  const double sheared[] = {1, 2, 1, 0, -1, 0, -1, -2};
  const double p = 0.3819660112501051 / 3;
  EXPECT_NEAR(*FeatureEntropy(sheared, 2), -p * std::log(p) - (1 - p) * std::log(1 - p), 1e-7);
}

TEST(FeatureEntropy, IgnoresScaleOffsetRotationAndOrder) {
  constexpr int kPositions = 30;
  const std::vector<double> map = Normals("map", 0, kPositions * 2);
  const double entropy = *FeatureEntropy(map, 2);
  EXPECT_GT(entropy, 0);
  EXPECT_LT(entropy, std::log(2));
  std::vector<double> turned = map;
  for (int i = 0; i < kPositions; ++i) {
    const double x = map[2 * i], y = map[2 * i + 1];
    turned[2 * i] = 100 * (0.6 * x - 0.8 * y) + 7;
    turned[2 * i + 1] = 100 * (0.8 * x + 0.6 * y) - 3;
  }
  EXPECT_NEAR(*FeatureEntropy(turned, 2), entropy, 1e-11);
  std::swap_ranges(turned.begin(), turned.begin() + 2, turned.begin() + 20);
  EXPECT_NEAR(*FeatureEntropy(turned, 2), entropy, 1e-11);
}

TEST(FeatureEntropy, OfDependentChannelsCountsTheirRank) {
  std::vector<double> map;
  for (const double x : Normals("map", 1, 40)) map.insert(map.end(), {x, -2 * x, 0.5 * x, 0.1});
  EXPECT_NEAR(*FeatureEntropy(map, 4), 0, 1e-7);
}

TEST(FeatureEntropy, OfConstantOrInfiniteFeaturesHasNoValue) {
  // Three thirds of 0.9 are not 0.9 in float64; constant features do not vary all the same.
  const double constant[] = {0.1, 0.9, 0.1, 0.9, 0.1, 0.9}, bad[] = {1, kInfinity};
  EXPECT_EQ(FeatureEntropy(constant, 2).failure().kind, FailureKind::kUndefined);
  EXPECT_EQ(FeatureEntropy(bad, 1).failure().kind, FailureKind::kDiverged);
  const double single[] = {3, 0.7};  // one position
  EXPECT_EQ(FeatureEntropy(single, 2).failure().kind, FailureKind::kUndefined);
}

TEST(Expressivity, SumsAndProgressivityIsTheSmallestIncrease) {
  const double entropies[] = {1, 1.5, 1.25, 3};
  EXPECT_EQ(Expressivity(entropies), 6.75);
  EXPECT_EQ(Progressivity(entropies), -0.25);
  EXPECT_EQ(Progressivity(std::span(entropies).first(2)), 0.5);
  EXPECT_EQ(Expressivity({}), 0);
}

}  // namespace
}  // namespace mote
