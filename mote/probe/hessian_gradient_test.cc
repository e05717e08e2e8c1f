#include "mote/probe/hessian_gradient.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/probe/test_subject.h"
#include "mote/reading/cross_entropy.h"
#include "mote/reading/layer_sums.h"

namespace mote {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

using Numbers = std::vector<double>;

// The loss is the sum of the logits.
Numbers Ones(std::span<const double> logits) { return Numbers(logits.size(), 1.0); }

// w2 relu(w1 x) at x = 1: H has 1 off its diagonal.
TEST(HessianGradient, ByHand) {
  const Numbers parameters = {2, 3, 0.5}, image = {1};
  const auto tape = MakeReferenceTape(TwoWeights(), 1, parameters);
  const auto result = MeasureHessianGradient(*tape, parameters, image, 1, Ones);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->gradient, ElementsAre(3, 2, 0));  // the bias is no weight
  EXPECT_THAT(result->hessian_gradient, Pointwise(DoubleNear(1e-6), {2, 3, 0}));
  const WeightLayer layers[] = {{.weights = std::span(parameters).first(2),
                                 .hessian_gradient = std::span(result->hessian_gradient).first(2)}};
  EXPECT_NEAR(*GraspSum(layers), -13, 1e-6);
}

// The same with w1 so small that a step of 2^-32 of the weights' norm would switch the unit off: it
// would see g jump from 3 to 0, where differentiating sees no bend but that between the weights.
TEST(HessianGradient, StepsOverNoKink) {
  const Numbers parameters = {1e-10, 3, 0.5}, image = {1};
  const auto tape = MakeReferenceTape(TwoWeights(), 1, parameters);
  const auto result = MeasureHessianGradient(*tape, parameters, image, 1, Ones);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->gradient, ElementsAre(3, 1e-10, 0));
  EXPECT_THAT(result->hessian_gradient, Pointwise(DoubleNear(1e-5), {0, 3, 0}));
}

TEST(HessianGradient, IsZeroWithoutGradientAndFailsWithoutNumbers) {
  Numbers parameters = {2, 3, 0}, image = {-1};  // the rectifier is off
  const auto tape = MakeReferenceTape(TwoWeights(), 1, parameters);
  const auto off = MeasureHessianGradient(*tape, parameters, image, 1, Ones);
  ASSERT_TRUE(off);
  EXPECT_THAT(off->gradient, ElementsAre(0, 0, 0));
  EXPECT_THAT(off->hessian_gradient, ElementsAre(0, 0, 0));
  parameters = {1e200, 1e200, 0};
  image = {1};
  const auto huge = MeasureHessianGradient(*tape, parameters, image, 1, Ones);
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.failure().kind, FailureKind::kDiverged);
}

// Second differences of the loss itself.
TEST(HessianGradient, IsThatOfDifferencesOfTheLoss) {
  NetworkBuilder b({2, 3, 3});
  const int stem = b.BatchNorm("bn", b.Conv("stem", 0, 3, 3, 1, 1), 0.01, 0.1);
  const int conv = b.Conv("conv", b.Gelu("gelu", stem), 2, 1, 1, 0, true);
  b.Linear("head", b.GlobalAvgPool("gap", b.Gelu("last", conv)), 3);
  const Network network = b.Finish();
  const Numbers parameters = RandomNumbers(network.parameter_count(), "parameters");
  const Numbers images = RandomNumbers(4 * 18, "images");
  const std::vector<int> labels = {0, 2, 1, 1};
  const auto tape = MakeReferenceTape(network, 4, parameters);
  const auto loss_at = [&](const Numbers& at) {
    tape->SetParameters(at);
    tape->Forward(images, 4, NormMode::kBatch);
    return MeanCrossEntropy(tape->Value(int(network.ops().size()) - 1), labels);
  };
  const auto result = MeasureHessianGradient(
      *tape, parameters, images, 4,
      [&](std::span<const double> logits) { return CrossEntropySlopes(logits, labels); });
  ASSERT_TRUE(result);

  const std::vector<int> weights = WeightTensors(network);
  ASSERT_EQ(weights.size(), 3u);
  std::vector<char> is_weight(parameters.size());
  for (int tensor : weights) {
    const Parameter& parameter = network.parameters()[tensor];
    std::fill_n(is_weight.begin() + parameter.offset, parameter.elements(), true);
  }
  double norm = 0, largest = 0;
  for (double value : result->gradient) norm += value * value;
  for (double value : result->hessian_gradient) largest = std::max(largest, std::abs(value));
  norm = std::sqrt(norm);
  EXPECT_GT(largest, 0.01);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_weight[i]) {
      EXPECT_EQ(result->gradient[i], 0);
      EXPECT_EQ(result->hessian_gradient[i], 0);
      continue;
    }
    constexpr double kStep = 1e-4;
    const auto loss = [&](double own, double along) {
      Numbers moved = parameters;
      for (std::size_t k = 0; k < moved.size(); ++k) {
        moved[k] += along * kStep * result->gradient[k] / norm;
      }
      moved[i] += own * kStep;
      return loss_at(moved);
    };
    EXPECT_NEAR(result->gradient[i], (loss(1, 0) - loss(-1, 0)) / (2 * kStep), 1e-6 * norm);
    const double bend = (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) * norm;
    EXPECT_NEAR(result->hessian_gradient[i], bend / (4 * kStep * kStep), 1e-5 * largest) << i;
  }
}

}  // namespace
}  // namespace mote
