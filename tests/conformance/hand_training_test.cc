// Optimisers and running statistics against values computed by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/conformance/subjects.h"

namespace mote::conformance {
namespace {

using testing::Pointwise;

// One pixel p, two classes, label 0. With d = 1 - softmax_0, the gradient to the weights is
// -d p, d p and to the biases -d, d: everything below follows with a pocket calculator.
class HandOptimizer : public OnSubject {
 protected:
  // Parameters are weight 0, weight 1, bias 0, bias 1.
  void Start(float pixel, std::vector<double> parameters, const OptimizerOptions& options) {
    NetworkBuilder b({1, 1, 1});
    b.Linear("linear", 0, 2);
    executor_ = GetParam().backend->Compile(b.Finish(), 1);
    executor_->SetParameters(parameters);
    executor_->Reset(options, {});
    examples_ = {{pixel}, {0}};
  }

  void ExpectStep(double learning_rate, double loss_before, std::vector<double> parameters,
                  double tolerance = 2e-7) {
    EXPECT_NEAR(executor_->Step(examples_.batch(), learning_rate).loss, loss_before, 1e-6);
    EXPECT_THAT(ParametersOf(*executor_), Pointwise(testing::DoubleNear(tolerance), parameters));
  }

  std::unique_ptr<Executor> executor_;
  Examples examples_;
};

// Gradient 1: m = 0.1, v = 0.001, rate 1e-3 sqrt(0.001)/0.1, so that w moves by
// 1e-3 * 0.0316227766 / (0.0316227766 + 1e-7) = 9.999968e-4.
TEST_P(HandOptimizer, AdamMovesByItsRateForLargeGradients) {
  Start(2, {0, 0, 0, 0}, {.kind = OptimizerKind::kAdam});
  ExpectStep(1e-3, 0.693147181, {9.999968377e-4, -9.999968377e-4, 9.999936755e-4, -9.999936755e-4},
             1e-9);
  ExpectStep(1e-3, 0.690151693, {1.999915156e-3, -1.999915156e-3, 1.999909754e-3, -1.999909754e-3},
             2e-9);
  ExpectStep(1e-3, 0.687165439, {2.999701360e-3, -2.999701360e-3, 2.999694126e-3, -2.999694126e-3},
             3e-9);
}

// Gradient 1e-6: sqrt(v) = 3.16e-8 is smaller than epsilon, which Keras adds before and PyTorch
// after the correction of v; PyTorch's form would move by 9.09e-4.
TEST_P(HandOptimizer, AdamPlacesEpsilonAsKeras) {
  Start(2e-6f, {0, 0, 0, 0}, {.kind = OptimizerKind::kAdam});
  ExpectStep(1e-3, 0.693147181, {2.40253e-4, -2.40253e-4, 9.999936755e-4, -9.999936755e-4}, 1e-9);
}

TEST_P(HandOptimizer, AdamAddsWeightDecayToTheGradient) {
  Start(0.5, {0.5, -1, 0.25, 0}, {.kind = OptimizerKind::kAdam, .weight_decay = 0.01});
  ExpectStep(0.1, 0.313261688, {0.5999975576, -1.099997459, 0.3499988132, -0.09999882419});
  ExpectStep(0.1, 0.241009493, {0.6986089316, -1.198511653, 0.4487160708, -0.1987361075});
  ExpectStep(0.1, 0.184571685, {0.7947867605, -1.294392529, 0.5452203921, -0.2953003057}, 4e-7);
}

// First step: g = 0.5, v = 0.5, w = 0.1 (0.5 + 0.9 * 0.5) = 0.095.
TEST_P(HandOptimizer, SgdLooksAheadAsNesterov) {
  Start(1, {0, 0, 0, 0}, {.kind = OptimizerKind::kSgd});
  ExpectStep(0.1, 0.693147181, {0.095, -0.095, 0.095, -0.095});
  ExpectStep(0.1, 0.521089614, {0.2126641104, -0.2126641104, 0.2126641104, -0.2126641104});
  ExpectStep(0.1, 0.355668553, {0.3388764718, -0.3388764718, 0.3388764718, -0.3388764718});
}

TEST_P(HandOptimizer, SgdWithoutNesterovMovesByItsVelocity) {
  Start(1, {0, 0, 0, 0}, {.kind = OptimizerKind::kSgd, .nesterov = false});
  ExpectStep(0.1, 0.693147181, {0.05, -0.05, 0.05, -0.05});
  ExpectStep(0.1, 0.598138869, {0.1400166003, -0.1400166003, 0.1400166003, -0.1400166003});
  ExpectStep(0.1, 0.451821288, {0.2573847501, -0.2573847501, 0.2573847501, -0.2573847501});
}

TEST_P(HandOptimizer, SgdAddsWeightDecayToTheGradient) {
  Start(1, {1, -1, 0, 0}, {.kind = OptimizerKind::kSgd, .weight_decay = 0.1});
  ExpectStep(0.1, 0.126928011, {1.003648555, -1.003648555, 0.02264855518, -0.02264855518});
  ExpectStep(0.1, 0.120801914, {1.007754867, -1.007754867, 0.05349386661, -0.05349386661});
  ExpectStep(0.1, 0.113089574, {1.011411470, -1.011411470, 0.09051752885, -0.09051752885}, 4e-7);
}

TEST_P(HandOptimizer, ResetForgetsMomentsAndStepButSetParametersKeepsThem) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    const std::vector<double> start = {0, 0, 0, 0};
    Start(2, start, {.kind = kind});
    executor_->Step(examples_.batch(), 0.1);
    const std::vector<double> first = ParametersOf(*executor_);
    executor_->SetParameters(start);
    executor_->Step(examples_.batch(), 0.05);
    EXPECT_NE(ParametersOf(*executor_), first);
    executor_->SetParameters(start);
    executor_->Reset({.kind = kind}, {});
    EXPECT_EQ(ParametersOf(*executor_), start);
    executor_->Step(examples_.batch(), 0.1);
    EXPECT_EQ(ParametersOf(*executor_), first);
  }
}

// Adam's second step on the same gradient moves as far as the first; SGD's, by its momentum,
// farther: 0.1 (g + 0.9 (0.9 g + g)) = 0.271 g against 0.19 g.
TEST_P(HandOptimizer, MomentsOutliveNewParameters) {
  Start(2, {0, 0, 0, 0}, {.kind = OptimizerKind::kSgd});
  ExpectStep(0.1, 0.693147181, {0.19, -0.19, 0.095, -0.095});
  executor_->SetParameters(std::vector<double>{0, 0, 0, 0});
  ExpectStep(0.1, 0.693147181, {0.271, -0.271, 0.1355, -0.1355});
}

INSTANTIATE_TEST_SUITE_P(Backends, HandOptimizer, testing::ValuesIn(Subjects()), SubjectName());

// Batch normalisation with gamma 1 and beta 0, then a global average and a linear layer 1, -1: the
// first logit of an image of equal pixels x is (x - mean) / sqrt(variance + epsilon).
class RunningStatistics : public OnSubject {
 protected:
  static constexpr double kEpsilon = 1e-5;

  void Start(Shape images, double momentum) {
    NetworkBuilder b(images);
    b.Linear("linear", b.GlobalAvgPool("gap", b.BatchNorm("bn", 0, kEpsilon, momentum)), 2);
    executor_ = GetParam().backend->Compile(b.Finish(), 2);
    executor_->SetParameters(std::vector<double>{1, 0, 1, -1, 0, 0});
    executor_->Reset({}, {});
  }

  void ExpectMeanAndVariance(double mean, double variance) {
    const int pixels = int(executor_->network().input_shape().elements());
    for (const float x : {0.0f, 1.0f}) {
      const Examples probe = {std::vector<float>(pixels, x), {0}};
      const double expected = (x - mean) / std::sqrt(variance + kEpsilon);
      EXPECT_NEAR(LogitsOf(*executor_, probe.batch(), Statistics::kRunning)[0], expected, 1e-6);
    }
  }

  std::unique_ptr<Executor> executor_;
};

// Pixels .1 .2 .3 .6: mean 0.3, squared deviations .04 + .01 + 0 + .09 = 0.14, unbiased variance
// 0.14/3. Then .5 .7: mean 0.6, unbiased variance 0.02.
TEST_P(RunningStatistics, FollowTheUnbiasedVarianceOfEachStep) {
  Start({1, 1, 2}, 0.1);
  ExpectMeanAndVariance(0, 1);
  const Examples first = {{0.1f, 0.2f, 0.3f, 0.6f}, {0, 1}};
  executor_->Step(first.batch(), 0);
  ExpectMeanAndVariance(0.1 * 0.3, 0.9 + 0.1 * 0.14 / 3);
  const Examples second = {{0.5f, 0.7f}, {0}};
  executor_->Step(second.batch(), 0);
  ExpectMeanAndVariance(0.9 * 0.03 + 0.1 * 0.6, 0.9 * (0.9 + 0.1 * 0.14 / 3) + 0.1 * 0.02);
  executor_->Reset({}, {});
  ExpectMeanAndVariance(0, 1);
}

// One element has no unbiased variance; its population variance 0 counts instead.
TEST_P(RunningStatistics, OfOneElementTakeVarianceZero) {
  Start({1, 1, 1}, 0.1);
  const Examples one = {{0.5f}, {0}};
  executor_->Step(one.batch(), 0);
  ExpectMeanAndVariance(0.05, 0.9);
}

TEST_P(RunningStatistics, ChangeInStepAlone) {
  Start({1, 1, 2}, 0.5);
  const Examples examples = {{0.1f, 0.2f, 0.3f, 0.6f}, {0, 1}};
  executor_->Evaluate(examples.batch(), Statistics::kBatch);
  executor_->Evaluate(examples.batch(), Statistics::kRunning);
  LogitsOf(*executor_, examples.batch(), Statistics::kBatch);
  GradientOf(*executor_, examples.batch());
  executor_->SetParameters(ParametersOf(*executor_));
  ExpectMeanAndVariance(0, 1);
  executor_->Step(examples.batch(), 0);
  ExpectMeanAndVariance(0.15, 0.5 + 0.5 * 0.14 / 3);
}

INSTANTIATE_TEST_SUITE_P(Backends, RunningStatistics, testing::ValuesIn(Subjects()), SubjectName());

}  // namespace
}  // namespace mote::conformance
