// Networks small enough to compute by hand, so that no error can hide by being in two backends.
//
// Parameters are given in the order of Network::parameters(). Every value expected here is worked
// out in the comment beside it, none is copied from a program's output but for the last digits of
// exponentials and logarithms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/conformance/subjects.h"

namespace mote::conformance {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

constexpr double kFloatError = 2e-6;

class HandForward : public OnSubject {
 protected:
  std::unique_ptr<Executor> Compile(const Network& network, const std::vector<double>& parameters,
                                    int batch, double label_smoothing = 0) const {
    std::unique_ptr<Executor> executor = GetParam().backend->Compile(network, batch);
    executor->SetParameters(parameters);
    executor->Reset({}, {.label_smoothing = label_smoothing});
    return executor;
  }

  static void ExpectNear(const std::vector<double>& actual, const std::vector<double>& expected) {
    EXPECT_THAT(actual, Pointwise(DoubleNear(kFloatError), expected));
  }
};

// ln(1 + exp(-1)): the loss where the right logit leads by 1.
constexpr double kLossLeading = 0.3132616875;
// ln(1 + exp(1)): where it trails by 1.
constexpr double kLossTrailing = 1.3132616875;

// x = 0.25 0.50    kernel = 1 2 3        conv 3x3, padding 1:
//     0.75 1.00             4 5 6 / 25     (5*1 + 6*2 + 8*3 + 9*4)/100 = 0.77
//                           7 8 9          (4*1 + 5*2 + 7*3 + 8*4)/100 = 0.67
//                                          (2*1 + 3*2 + 5*3 + 6*4)/100 = 0.47
//                                          (1*1 + 2*2 + 4*3 + 5*4)/100 = 0.37, together 2.28.
// Sum with x: 2.28 + 2.50 = 4.78, global average 1.195. Logits 1 * 1.195 + 0 and 0 * 1.195 + 0.195.
TEST_P(HandForward, ConvolutionPlusSkip) {
  NetworkBuilder b({1, 2, 2});
  const int sum = b.Add("sum", {b.Conv("conv", 0, 1, 3, 1, 1), 0});
  b.Linear("linear", b.GlobalAvgPool("gap", sum), 2);
  const Network network = b.Finish();
  std::vector<double> parameters = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (double& parameter : parameters) parameter /= 25;
  parameters.insert(parameters.end(), {1, 0, 0, 0.195});
  const Examples examples = {{0.25, 0.5, 0.75, 1}, {0}};
  const auto executor = Compile(network, parameters, 1);

  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kBatch), {1.195, 0.195});
  const EvaluationResult result = executor->Evaluate(examples.batch(), Statistics::kBatch);
  EXPECT_NEAR(result.loss, kLossLeading, kFloatError);
  EXPECT_EQ(result.correct, 1);

  const Examples wrong = {examples.images, {1}};
  EXPECT_NEAR(executor->Evaluate(wrong.batch(), Statistics::kBatch).loss, kLossTrailing,
              kFloatError);
  EXPECT_EQ(executor->Evaluate(wrong.batch(), Statistics::kBatch).correct, 0);

  // Smoothing 0.1 over two classes: 0.95 of the one loss and 0.05 of the other.
  executor->Reset({}, {.label_smoothing = 0.1});
  EXPECT_NEAR(executor->Evaluate(examples.batch(), Statistics::kBatch).loss,
              0.95 * kLossLeading + 0.05 * kLossTrailing, kFloatError);
}

// Two images of two channels. Channel 0 holds 0 1 1 1 and 0 0 0 1: mean 1/2, variance 1/4; with
// epsilon 0.11 the deviation is sqrt(0.36) = 0.6, so that 0 and 1 become -5/6 and 5/6; times 1.2
// plus 0.5: -0.5 and 1.5; ReLU: 0 and 1.5. Channel 1 is 0.3 everywhere: 0, times 9, plus 0.7.
// A 3x3 pool with padding 1 sees all four pixels from everywhere: 4.5/4 = 1.125 and 1.5/4 = 0.375
// (were the padding counted, it would be 0.5 and 1/6), and 0.7. The linear layer is the identity.
// Losses for label 0: ln(1 + exp(0.7 - 1.125)) and ln(1 + exp(0.7 - 0.375)).
TEST_P(HandForward, NormalizationReluAndPool) {
  NetworkBuilder b({2, 2, 2});
  const int relu = b.Relu("relu", b.BatchNorm("bn", 0, 0.11, 0.5));
  b.Linear("linear", b.GlobalAvgPool("gap", b.AvgPool("pool", relu, 3, 1, 1)), 2);
  const Network network = b.Finish();
  const Examples examples = {{0, 0.3f, 1, 0.3f, 1, 0.3f, 1, 0.3f,  // pixel by pixel, both channels
                              0, 0.3f, 0, 0.3f, 0, 0.3f, 1, 0.3f},
                             {0, 0}};
  const auto executor = Compile(network, {1.2, 9, 0.5, 0.7, 1, 0, 0, 1, 0, 0}, 2);

  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kBatch), {1.125, 0.7, 0.375, 0.7});
  const EvaluationResult result = executor->Evaluate(examples.batch(), Statistics::kBatch);
  EXPECT_NEAR(result.loss, (0.5030574002 + 0.8687926040) / 2, kFloatError);
  EXPECT_EQ(result.correct, 1);

  // Untrained running statistics are mean 0 and variance 1. With epsilon 0.11 the deviation is
  // sqrt(1.11): pixels 0 and 1 become 0.5 and 1.2/sqrt(1.11) + 0.5; channel 1 2.7/sqrt(1.11) + 0.7.
  const double one = 1.2 / std::sqrt(1.11);
  const double other = 2.7 / std::sqrt(1.11) + 0.7;
  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kRunning),
             {0.75 * one + 0.5, other, 0.25 * one + 0.5, other});
}

// x = .1 .2 .3   a: conv 1x1, stride 2, weight 2, reads the corners:       .2  .6  1.4 1.8
//     .4 .5 .6   p: avg pool 3x3, stride 2, padding 1, sees 2x2 each:      .3  .4  .6  .7
//     .7 .8 .9   sum = a + p + zero + a = 2a + p:                          .7  1.6 3.4 4.3
// conv 2x2 with k = .1 .2 .3 .4 and its negative: 0.07 + 0.32 + 1.02 + 1.72 = 3.13 and -3.13; ReLU:
// 3.13 and 0. Linear [1 5; 2 7] with bias 0, -4.13: logits 3.13 and 2.13.
//
// Backward for label 0: d = 1 - 1/(1 + exp(-1)) = 0.2689414214 is the gradient to the second logit,
// -d to the first. Linear weights: -3.13d, 0, 3.13d, 0. To the first ReLU: -1d + 2d = d; the second
// is shut. Kernel of the 2x2 conv: d times the sum's values, then 0. To the sum: d k; to a: 2 d k;
// to the weight of a: 2d (.1*.1 + .2*.3 + .3*.7 + .4*.9) = 2d * 0.64 = 1.28d.
TEST_P(HandForward, StridesAndSumsWithRepeatedAndZeroSources) {
  NetworkBuilder b({1, 3, 3});
  const int a = b.Conv("a", 0, 1, 1, 2, 0);
  const int pool = b.AvgPool("pool", 0, 3, 2, 1);
  const int sum = b.Add("sum", {a, pool, b.Zero("zero", {1, 2, 2}), a});
  b.Linear("linear", b.Relu("relu", b.Conv("conv", sum, 2, 2, 1, 0)), 2);
  const Network network = b.Finish();
  const Examples examples = {{0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f}, {0}};
  const std::vector<double> parameters = {2,   .1, .2, .3, .4, -.1, -.2,  -.3,
                                          -.4, 1,  5,  2,  7,  0,   -4.13};
  if (const auto why = GetParam().backend->WhyUnsupported(network)) GTEST_SKIP() << *why;
  const auto executor = Compile(network, parameters, 1);

  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kBatch), {3.13, 2.13});
  EXPECT_NEAR(executor->Evaluate(examples.batch(), Statistics::kBatch).loss, kLossLeading,
              kFloatError);
  constexpr double d = 0.2689414214;
  ExpectNear(GradientOf(*executor, examples.batch()),
             {1.28 * d, .7 * d, 1.6 * d, 3.4 * d, 4.3 * d, 0, 0, 0, 0,  //
              -3.13 * d, 0, 3.13 * d, 0, -d, d});
}

// Two images of one pixel, 0.25 and 0.75. A convolution with weights 8, -4 and biases 1, 4: 3, 3
// and 7, 1, with means 5, 2 and variances 4, 1. With epsilon 0.25 they become -+2/sqrt(4.25) and
// +-1/sqrt(1.25). The linear layer is the identity.
TEST_P(HandForward, ConvolutionWithBiasAndNormalizationWithoutScale) {
  NetworkBuilder b({1, 1, 1});
  const int conv = b.Conv("conv", 0, 2, 1, 1, 0, /*bias=*/true);
  b.Linear("linear", b.BatchNorm("bn", conv, 0.25, 0.5, /*affine=*/false), 2);
  const Network network = b.Finish();
  if (const auto why = GetParam().backend->WhyUnsupported(network)) GTEST_SKIP() << *why;
  const auto executor = Compile(network, {8, -4, 1, 4, 1, 0, 0, 1, 0, 0}, 2);
  const Examples examples = {{0.25, 0.75}, {0, 1}};
  const double first = 2 / std::sqrt(4.25);
  const double second = 1 / std::sqrt(1.25);
  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kBatch),
             {-first, second, first, -second});
  // With the running statistics, mean 0 and variance 1: the biased values over sqrt(1.25).
  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kRunning),
             {3 / std::sqrt(1.25), 3 / std::sqrt(1.25), 7 / std::sqrt(1.25), 1 / std::sqrt(1.25)});
}

// 1, -1 and 0.5 through the GELU of the MOTE authors' code, with sqrt(pi/2) where the usual
// approximation has sqrt(2/pi) (which would give 0.841192, -0.158808, 0.345714).
TEST_P(HandForward, GeluHasTheConstantOfTheAuthors) {
  NetworkBuilder b({1, 1, 1});
  b.Linear("linear", b.Gelu("gelu", b.Conv("conv", 0, 3, 1, 1, 0)), 3);
  const Network network = b.Finish();
  const auto executor = Compile(network, {1, -1, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}, 1);
  const Examples examples = {{1}, {0}};
  ExpectNear(LogitsOf(*executor, examples.batch(), Statistics::kBatch),
             {0.932056196, -0.067943804, 0.390142212});
}

// 0.5 * 1 - 0.5 * 1 = 0 exactly: nothing flows back to the convolution.
TEST_P(HandForward, ReluPassesNoGradientAtZero) {
  NetworkBuilder b({2, 1, 1});
  b.Linear("linear", b.Relu("relu", b.Conv("conv", 0, 1, 1, 1, 0)), 2);
  const Network network = b.Finish();
  const auto executor = Compile(network, {0.5, -0.5, 1, -1, 0, 0}, 1);
  const Examples examples = {{1, 1}, {0}};
  EXPECT_THAT(GradientOf(*executor, examples.batch()), ElementsAre(0, 0, 0, 0, -0.5, 0.5));
}

// A network whose features are zero outputs its bias, whatever the image.
class BiasOnly : public HandForward {
 protected:
  EvaluationResult Evaluate(const std::vector<double>& logits, int label,
                            double label_smoothing) const {
    NetworkBuilder b({1, 2, 2});
    b.Linear("linear", b.GlobalAvgPool("gap", b.Zero("zero", {1, 2, 2})), int(logits.size()));
    std::vector<double> parameters(logits.size(), 5.0);
    parameters.insert(parameters.end(), logits.begin(), logits.end());
    const auto executor = Compile(b.Finish(), parameters, 1, label_smoothing);
    const Examples examples = {{0.1f, 0.2f, 0.3f, 0.4f}, {label}};
    return executor->Evaluate(examples.batch(), Statistics::kBatch);
  }
};

TEST_P(BiasOnly, LossIsSmoothedCrossEntropyOfTheLogits) {
  // Uniform: ln 10, whatever the smoothing.
  const std::vector<double> uniform(10, 0.0);
  EXPECT_NEAR(Evaluate(uniform, 3, 0).loss, 2.302585093, kFloatError);
  EXPECT_NEAR(Evaluate(uniform, 3, 0.01).loss, 2.302585093, kFloatError);
  // Logits (2, 0, ..., 0), label 0: ln(e^2 + 9) - 2; smoothed, 0.009 of the loss is 2 larger.
  std::vector<double> peaked(10, 0.0);
  peaked[0] = 2;
  EXPECT_NEAR(Evaluate(peaked, 0, 0).loss, 0.796613801, kFloatError);
  EXPECT_NEAR(Evaluate(peaked, 0, 0.01).loss, 0.796613801 + 0.009 * 2, kFloatError);
  // The best that smoothing 0.01 allows is the entropy of the target 0.991, 0.001, ..., 0.001.
  std::vector<double> best(10, std::log(0.001));
  best[4] = std::log(0.991);
  EXPECT_NEAR(Evaluate(best, 4, 0.01).loss, 0.071129175, kFloatError);
}

TEST_P(BiasOnly, HugeLogitsGiveFiniteLosses) {
  EXPECT_NEAR(Evaluate({1000, 0}, 0, 0).loss, 0, kFloatError);
  EXPECT_NEAR(Evaluate({1000, 0}, 1, 0).loss, 1000, 1e-3);
  EXPECT_NEAR(Evaluate({-1000, -1000}, 1, 0).loss, 0.693147181, kFloatError);
}

TEST_P(BiasOnly, TiesGoToTheLowerClass) {
  EXPECT_EQ(Evaluate({0, 1, 1}, 1, 0).correct, 1);
  EXPECT_EQ(Evaluate({0, 1, 1}, 2, 0).correct, 0);
}

INSTANTIATE_TEST_SUITE_P(Backends, HandForward, testing::ValuesIn(Subjects()), SubjectName());
INSTANTIATE_TEST_SUITE_P(Backends, BiasOnly, testing::ValuesIn(Subjects()), SubjectName());

}  // namespace
}  // namespace mote::conformance
