#include "mote/reading/zico.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(ZicoScore, ByHand) {
  const double a1[] = {1, -2}, a2[] = {3, -2}, b1[] = {1, 4}, b2[] = {2, 2};
  const BatchGradients a = {a1, a2}, b = {b1, b2};
  EXPECT_NEAR(*ZicoScore({&a, 1}), 0.693147, 1e-6);
  EXPECT_NEAR(*ZicoScore({&b, 1}), 1.791759, 1e-6);
  const BatchGradients both[] = {a, b};
  EXPECT_NEAR(*ZicoScore(both), 2.484907, 1e-6);
}

TEST(ZicoScore, TakesMagnitudesInTheMeanAndSignsInTheDeviation) {
  // Gradients -1 and 3: mean magnitude 2, mean 1, deviation 2.
  const double first[] = {-1}, second[] = {3};
  const BatchGradients layer = {first, second};
  EXPECT_NEAR(*ZicoScore({&layer, 1}), 0, 1e-15);
}

TEST(ZicoScore, EqualsItsDefinitionOnManyBatches) {
  constexpr int kBatches = 4, kWeights = 9;
  std::vector<std::vector<double>> gradients;
  for (int b = 0; b < kBatches; ++b) gradients.push_back(Normals("zico", b, kWeights));
  double sum = 0;
  for (int w = 0; w < kWeights; ++w) {
    double magnitude = 0, mean = 0, square = 0;
    for (int b = 0; b < kBatches; ++b) {
      magnitude += std::abs(gradients[b][w]) / kBatches;
      mean += gradients[b][w] / kBatches;
      square += gradients[b][w] * gradients[b][w] / kBatches;
    }
    sum += magnitude / std::sqrt(square - mean * mean);
  }
  const BatchGradients layer(gradients.begin(), gradients.end());
  EXPECT_NEAR(*ZicoScore({&layer, 1}), std::log(sum), 1e-12);
}

TEST(ZicoScore, IgnoresTheScaleOfALayer) {
  std::vector<double> first = Normals("first", 0, 20), second = Normals("second", 0, 20);
  const BatchGradients layer = {first, second};
  const double value = *ZicoScore({&layer, 1});
  for (const double scale : {1e-150, 1e-150, 1e290}) {
    for (double& g : first) g *= scale;
    for (double& g : second) g *= scale;
    EXPECT_NEAR(*ZicoScore({&layer, 1}), value, 1e-11);
  }
}

TEST(ZicoScore, LeavesOutWhatDoesNotVary) {
  // Three thirds of 0.9 are not 0.9 in float64; equal gradients do not vary all the same.
  const double equal[] = {0.9, 0, -7}, other[] = {0.9, 0, 1};
  const BatchGradients constant = {equal, equal, equal}, one = {equal, equal, other};
  EXPECT_EQ(*ZicoScore({&constant, 1}), 0);
  // Gradients -7, -7, 1: magnitude 5, mean -13/3, variance (2 (8/3)^2 + (16/3)^2) / 3.
  const double deviation = std::sqrt((2 * 64.0 / 9 + 256.0 / 9) / 3);
  EXPECT_NEAR(*ZicoScore({&one, 1}), std::log(5 / deviation), 1e-14);
  const BatchGradients layers[] = {constant, one};
  EXPECT_EQ(*ZicoScore(layers), *ZicoScore({&one, 1}));
  const BatchGradients single = {other};
  EXPECT_EQ(*ZicoScore({&single, 1}), 0);
  EXPECT_EQ(*ZicoScore({}), 0);
}

TEST(ZicoScore, OfGradientsThatAreNotFiniteHasNoValue) {
  const double good[] = {1, 2}, bad[] = {kNan, 2};
  const BatchGradients layer = {good, bad};
  EXPECT_EQ(ZicoScore({&layer, 1}).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
