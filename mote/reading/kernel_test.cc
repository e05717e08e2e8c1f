#include "mote/reading/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/reading/gram.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

// f = w1 x1 + w2 x2 on (1, 0) and (1, 1).
constexpr double kLinear[] = {1, 1, 1, 2};

// A kernel of n images with d parameters.
std::vector<double> RandomKernel(int n, int d, int seed) {
  return GramOfRows(Normals("kernel", seed, n * d), n);
}

// The kernel of the same images in another order: i-th is order[i]-th.
std::vector<double> Reordered(const std::vector<double>& kernel, const std::vector<int>& order) {
  const std::size_t n = order.size();
  std::vector<double> result;
  for (const int i : order) {
    for (const int j : order) result.push_back(kernel[std::size_t(i) * n + std::size_t(j)]);
  }
  return result;
}

std::vector<double> Scaled(std::vector<double> kernel, double factor) {
  for (double& entry : kernel) entry *= factor;
  return kernel;
}

TEST(ConditionNumber, ByHand) {
  EXPECT_NEAR(*ConditionNumber(kLinear, 2), 6.854102, 1e-6);
  const double single[] = {5};
  EXPECT_EQ(*ConditionNumber(single, 1), 1);
}

TEST(ConditionNumber, IsInfiniteForARankThatIsNotFull) {
  // f = a b x with a = 2, b = 3: gradients (3 x, 2 x), so that Theta = 13 x x'.
  for (const std::vector<double>& images : {std::vector<double>{1, 2}, {0.1, 0.7, -0.3}}) {
    std::vector<double> gradients;
    for (const double x : images) {
      gradients.push_back(3 * x);
      gradients.push_back(2 * x);
    }
    const int n = int(images.size());
    EXPECT_EQ(*ConditionNumber(GramOfRows(gradients, n), n), kInfinity);
  }
  EXPECT_EQ(*ConditionNumber(RandomKernel(8, 7, 0), 8), kInfinity);
  EXPECT_LT(*ConditionNumber(RandomKernel(8, 9, 0), 8), 1e6);
  EXPECT_EQ(*ConditionNumber(std::vector<double>(9), 3), kInfinity);
  const double indefinite[] = {1, 2, 2, 1};  // what noise makes of a Gram matrix
  EXPECT_EQ(*ConditionNumber(indefinite, 2), kInfinity);
}

TEST(ConditionNumber, IgnoresScaleAndOrder) {
  const std::vector<double> kernel = RandomKernel(4, 20, 1);
  const double condition = *ConditionNumber(kernel, 4);
  EXPECT_NEAR(*ConditionNumber(Scaled(kernel, 1e9), 4), condition, 1e-10 * condition);
  EXPECT_NEAR(*ConditionNumber(Reordered(kernel, {2, 0, 3, 1}), 4), condition, 1e-10 * condition);
}

TEST(SmallestEigenvalue, ByHand) {
  EXPECT_NEAR(*SmallestEigenvalue(kLinear, 2), 0.381966, 1e-6);
  const double duplicated[] = {1, 1, 1, 1};
  EXPECT_EQ(*SmallestEigenvalue(duplicated, 2), 0);
}

TEST(SmallestEigenvalue, IsZeroForADuplicatedImageAmongOthers) {
  for (int seed = 0; seed < 20; ++seed) {
    std::vector<double> gradients = Normals("duplicate", seed, 6 * 50);
    EXPECT_GT(*SmallestEigenvalue(GramOfRows(gradients, 6), 6), 1);
    std::copy_n(gradients.begin(), 50, gradients.begin() + 150);
    EXPECT_EQ(*SmallestEigenvalue(GramOfRows(gradients, 6), 6), 0);
  }
}

TEST(SmallestEigenvalue, ScalesWithTheKernelAndBoundsItFromBelow) {
  const std::vector<double> kernel = RandomKernel(5, 30, 2);
  const double smallest = *SmallestEigenvalue(kernel, 5);
  EXPECT_NEAR(*SmallestEigenvalue(Scaled(kernel, 4), 5), 4 * smallest, 1e-12);
  // v' Theta v >= lambda_min v' v.
  for (int seed = 0; seed < 50; ++seed) {
    const std::vector<double> v = Normals("direction", seed, 5);
    double form = 0, length = 0;
    for (int i = 0; i < 5; ++i) {
      length += v[i] * v[i];
      for (int j = 0; j < 5; ++j) form += v[i] * kernel[i * 5 + j] * v[j];
    }
    EXPECT_GE(form, smallest * length * (1 - 1e-12));
  }
}

TEST(MeanOfKernel, ByHand) {
  EXPECT_DOUBLE_EQ(*MeanOfKernel(kLinear, 2), 1.25);
  const double opposite[] = {1, -1, -1, 1};
  EXPECT_EQ(*MeanOfKernel(opposite, 2), 0);
}

TEST(MeanOfKernel, IsTheSquareOfTheMeanGradient) {
  const std::vector<double> gradients = Normals("mean", 0, 7 * 11);
  double square = 0;
  for (int k = 0; k < 11; ++k) {
    double mean = 0;
    for (int i = 0; i < 7; ++i) mean += gradients[i * 11 + k] / 7;
    square += mean * mean;
  }
  EXPECT_NEAR(*MeanOfKernel(GramOfRows(gradients, 7), 7), square, 1e-12);
}

TEST(LabelGradientAlignment, ByHand) {
  const int distinct[] = {0, 1};
  EXPECT_NEAR(*LabelGradientAlignment(kLinear, distinct), 0.577350, 1e-6);
  const double identity[] = {1, 0, 0, 1};
  EXPECT_DOUBLE_EQ(*LabelGradientAlignment(identity, distinct), 1);
  const double opposite[] = {0, 1, 1, 0};
  EXPECT_DOUBLE_EQ(*LabelGradientAlignment(opposite, distinct), -1);
}

TEST(LabelGradientAlignment, IsZeroWhereItIsUndefined) {
  const int distinct[] = {0, 1}, equal[] = {3, 3}, single[] = {0};
  const double constant[] = {0.1, 0.1, 0.1, 0.1};
  EXPECT_EQ(*LabelGradientAlignment(constant, distinct), 0);
  EXPECT_EQ(*LabelGradientAlignment(kLinear, equal), 0);
  EXPECT_EQ(*LabelGradientAlignment(std::span(kLinear).first(1), single), 0);
}

TEST(LabelGradientAlignment, EqualsItsDefinitionAndIgnoresOffsetScaleAndOrder) {
  const std::vector<double> kernel = RandomKernel(6, 4, 3);
  const std::vector<int> labels = {0, 1, 2, 0, 1, 0};
  // The definition, written out: centred matrices, their inner product and norms.
  double kernel_mean = 0, label_mean = 0;
  std::vector<double> agreement;
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) agreement.push_back(labels[i] == labels[j] ? 1 : -1);
  }
  for (int k = 0; k < 36; ++k) {
    kernel_mean += kernel[k] / 36;
    label_mean += agreement[k] / 36;
  }
  double product = 0, kernel_norm = 0, label_norm = 0;
  for (int k = 0; k < 36; ++k) {
    const double a = kernel[k] - kernel_mean, b = agreement[k] - label_mean;
    product += a * b;
    kernel_norm += a * a;
    label_norm += b * b;
  }
  const double alignment = *LabelGradientAlignment(kernel, labels);
  EXPECT_NEAR(alignment, product / std::sqrt(kernel_norm * label_norm), 1e-13);

  std::vector<double> moved = Scaled(kernel, 7);
  for (double& entry : moved) entry += 3;
  EXPECT_NEAR(*LabelGradientAlignment(moved, labels), alignment, 1e-12);
  const std::vector<int> order = {5, 3, 0, 1, 4, 2}, renamed = {9, 9, 9, 4, 4, 7};
  EXPECT_NEAR(*LabelGradientAlignment(Reordered(kernel, order), renamed), alignment, 1e-12);
}

TEST(Kernel, ThatIsNotFiniteHasNoReading) {
  const int labels[] = {0, 1};
  for (const double bad : {kNan, kInfinity}) {
    const double kernel[] = {1, bad, bad, 2};
    EXPECT_EQ(ConditionNumber(kernel, 2).failure().kind, FailureKind::kDiverged);
    EXPECT_EQ(SmallestEigenvalue(kernel, 2).failure().kind, FailureKind::kDiverged);
    EXPECT_EQ(MeanOfKernel(kernel, 2).failure().kind, FailureKind::kDiverged);
    EXPECT_EQ(LabelGradientAlignment(kernel, labels).failure().kind, FailureKind::kDiverged);
  }
}

}  // namespace
}  // namespace mote
