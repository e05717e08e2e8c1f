#include "mote/backends/native/optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class NativeOptimizer : public OnIsa {};
MOTE_EACH_ISA(NativeOptimizer);

// Weights and state of both sides, run through the same gradients.
struct TwinUpdates {
  explicit TwinUpdates(std::size_t count)
      : weights(RandomFloats(count, 1)),
        first(count),
        second(count),
        expected(weights.begin(), weights.begin() + count),
        expected_first(count),
        expected_second(count) {}

  void Step(const OptimizerOptions& options, double rate, int step, const Buffer& gradient) {
    UpdateWeights(options, rate, step, std::int64_t(weights.size()), gradient.data(),
                  weights.data(), first.data(), second.data());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      double& w = expected[i];
      double& m = expected_first[i];
      double& v = expected_second[i];
      const double g = gradient[i] + options.weight_decay * w;
      if (options.kind == OptimizerKind::kSgd) {
        m = options.momentum * m + g;
        w -= rate * (options.nesterov ? g + options.momentum * m : m);
      } else {
        m = options.beta1 * m + (1 - options.beta1) * g;
        v = options.beta2 * v + (1 - options.beta2) * g * g;
        w -= rate * std::sqrt(1 - std::pow(options.beta2, step)) /
             (1 - std::pow(options.beta1, step)) * m / (std::sqrt(v) + options.epsilon);
      }
    }
  }

  double WorstError() const {
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      worst = std::max(worst, std::abs(weights[i] - expected[i]));
    }
    return worst;
  }

  Buffer weights, first, second;
  std::vector<double> expected, expected_first, expected_second;
};

TEST_P(NativeOptimizer, FollowsTheFormulasOverManySteps) {
  std::vector<OptimizerOptions> cases(5);
  cases[1] = {.epsilon = 1e-3, .weight_decay = 0.01};
  cases[2] = {.beta1 = 0.5, .beta2 = 0.9, .epsilon = 1e-8};
  cases[3] = {.kind = OptimizerKind::kSgd, .weight_decay = 5e-4};
  cases[4] = {.kind = OptimizerKind::kSgd, .momentum = 0.5, .nesterov = false};
  for (std::size_t c = 0; c < cases.size(); ++c) {
    TwinUpdates twins(64);
    for (int step = 1; step <= 20; ++step) {
      Buffer gradient = RandomFloats(64, 100 + step);
      // From 1 down to 1e-10.
      for (std::size_t i = 0; i < 64; ++i) gradient[i] *= float(std::pow(10.0, -double(i % 11)));
      twins.Step(cases[c], 0.01, step, gradient);
    }
    // Twenty steps of weights near 1, each of at most 0.01 known to a few units of 6e-8.
    EXPECT_LT(twins.WorstError(), 1e-6) << "case " << c;
  }
}

TEST_P(NativeOptimizer, AdamIsAccurateForGradientsOfAnySize) {
  // Weights at 0: the step is all that remains, over the whole range of gradients.
  const OptimizerOptions options{.epsilon = 1e-7};
  TwinUpdates twins(1024);
  std::fill_n(twins.weights.data(), 1024, 0.0f);
  std::fill(twins.expected.begin(), twins.expected.end(), 0.0);
  Buffer gradient = RandomFloats(1024, 5);
  for (std::size_t i = 0; i < 1024; ++i) {
    gradient[i] *= float(std::pow(10.0, 8 - double(i) / 64));
  }
  twins.Step(options, 1, 1, gradient);
  for (std::size_t i = 0; i < 1024; ++i) {
    ASSERT_NEAR(twins.weights[i], twins.expected[i], 6e-7 * std::abs(twins.expected[i]))
        << gradient[i];
  }
}

TEST_P(NativeOptimizer, LeavesPaddingZero) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    for (const double epsilon : {1e-7, 0.0}) {
      const OptimizerOptions options{.kind = kind, .epsilon = epsilon, .weight_decay = 0.1};
      Buffer weights(16), gradient(16), first(16), second(16);
      gradient[3] = 1;
      for (int step = 1; step < 5; ++step) {
        UpdateWeights(options, 0.1, step, 16, gradient.data(), weights.data(), first.data(),
                      second.data());
      }
      for (int i = 0; i < 16; ++i) {
        if (i == 3) {
          EXPECT_LT(weights[i], 0);
        } else {
          EXPECT_EQ(weights[i], 0);
        }
      }
    }
  }
}

TEST_P(NativeOptimizer, KeepsNoStateBelowTheNormalRange) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    const OptimizerOptions options{.kind = kind, .beta2 = 0.9};
    Buffer weights = RandomFloats(16, 6), gradient = RandomFloats(16, 7), first(16), second(16);
    for (int step = 1; step < 2000; ++step) {
      UpdateWeights(options, 0.01, step, 16, gradient.data(), weights.data(), first.data(),
                    second.data());
      std::fill_n(gradient.data(), 16, 0.0f);
      for (int i = 0; i < 16; ++i) {
        ASSERT_TRUE(first[i] == 0 || std::isnormal(first[i])) << step;
        ASSERT_TRUE(second[i] == 0 || std::isnormal(second[i])) << step;
      }
    }
    EXPECT_EQ(first[0], 0);
    EXPECT_EQ(second[0], 0);
  }
}

TEST_P(NativeOptimizer, PassesOnWhatIsNotANumber) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    const OptimizerOptions options{.kind = kind};
    Buffer weights = RandomFloats(16, 8), gradient(16), first(16), second(16);
    gradient[2] = std::numeric_limits<float>::quiet_NaN();
    UpdateWeights(options, 0.01, 1, 16, gradient.data(), weights.data(), first.data(),
                  second.data());
    for (int i = 0; i < 16; ++i) EXPECT_EQ(std::isnan(weights[i]), i == 2) << i;
    EXPECT_TRUE(std::isnan(first[2]));
  }
}

}  // namespace
}  // namespace mote::native
