#include "mote/reading/layer_sums.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

// f = w2 relu(w1 x) with x = 1, w1 = 2, w2 = 3, and the loss f itself: g = (w2, w1), H has 1 off
// the diagonal and 0 on it, so that H g = (w1, w2).
constexpr double kW1[] = {2}, kW2[] = {3}, kG1[] = {3}, kG2[] = {2}, kHg1[] = {2}, kHg2[] = {3};
constexpr WeightLayer kToy[] = {{kW1, kG1, kHg1}, {kW2, kG2, kHg2}};

TEST(LayerSums, ByHand) {
  EXPECT_EQ(*GradientNormSum(kToy), 5);
  EXPECT_EQ(*WeightNormSum(kToy), 5);
  EXPECT_EQ(*SnipSum(kToy), 12);
  EXPECT_EQ(*PlainSum(kToy), 12);
  EXPECT_EQ(*GraspSum(kToy), -13);
}

TEST(LayerSums, NormsAreOfLayersAndSignsMatter) {
  const double w[] = {1, -2}, g[] = {3, 4}, hg[] = {-1, 1}, w2[] = {1}, g2[] = {-6}, hg2[] = {5};
  const WeightLayer layers[] = {{w, g, hg}, {w2, g2, hg2}};
  EXPECT_DOUBLE_EQ(*GradientNormSum(layers), 5 + 6);
  EXPECT_DOUBLE_EQ(*WeightNormSum(layers), std::sqrt(5.0) + 1);
  EXPECT_DOUBLE_EQ(*SnipSum(layers), 3 + 8 + 6);
  EXPECT_DOUBLE_EQ(*PlainSum(layers), 3 - 8 - 6);
  EXPECT_DOUBLE_EQ(*GraspSum(layers), -(-1 - 2 + 5));
}

TEST(LayerSums, AreUnmovedByTheOrderAndBoundedByEachOther) {
  const std::vector<double> w = Normals("weights", 0, 100), g = Normals("gradients", 0, 100);
  const auto layer = [&](int begin, int count) {
    return WeightLayer{std::span(w).subspan(begin, count), std::span(g).subspan(begin, count)};
  };
  const WeightLayer forth[] = {layer(0, 30), layer(30, 70)}, back[] = {layer(30, 70), layer(0, 30)};
  const WeightLayer whole[] = {layer(0, 100)};
  EXPECT_NEAR(*SnipSum(forth), *SnipSum(back), 1e-12);
  EXPECT_NEAR(*PlainSum(forth), *PlainSum(whole), 1e-12);
  EXPECT_GE(*SnipSum(forth), std::abs(*PlainSum(forth)));
  // Cauchy and Schwarz; the triangle inequality.
  EXPECT_LE(*SnipSum(whole), *GradientNormSum(whole) * *WeightNormSum(whole));
  EXPECT_GT(*GradientNormSum(forth), *GradientNormSum(whole));
}

TEST(LayerSums, ReadOnlyWhatTheyName) {
  const WeightLayer weights_only[] = {{.weights = kW1}};
  const WeightLayer gradient_only[] = {{.gradient = kG1}};
  EXPECT_EQ(*WeightNormSum(weights_only), 2);
  EXPECT_EQ(*GradientNormSum(gradient_only), 3);
}

TEST(LayerSums, OfNothingOrZerosAreZero) {
  const double zeros[] = {0, 0};
  const WeightLayer layers[] = {{zeros, zeros, zeros}};
  for (const auto sum : {GradientNormSum, WeightNormSum, SnipSum, PlainSum, GraspSum}) {
    EXPECT_EQ(*sum({}), 0);
    EXPECT_EQ(*sum(std::span(layers)), 0);
  }
}

TEST(LayerSums, OfWhatIsNotFiniteHaveNoValue) {
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    const double values[] = {1, bad, -bad};
    const WeightLayer layers[] = {{values, values, values}};
    for (const auto sum : {GradientNormSum, WeightNormSum, SnipSum, PlainSum, GraspSum}) {
      ASSERT_FALSE(sum(std::span(layers)).ok());
      EXPECT_EQ(sum(std::span(layers)).failure().kind, FailureKind::kDiverged);
    }
  }
}

}  // namespace
}  // namespace mote
