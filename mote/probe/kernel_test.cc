#include "mote/probe/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/probe/test_subject.h"
#include "mote/reading/kernel.h"

namespace mote {
namespace {

constexpr int kCount = 4;
constexpr Shape kImage = {2, 3, 4};
using Numbers = std::vector<double>;

// Smooth, with every kind of parameter.
Network Smooth(bool norms) {
  NetworkBuilder b(kImage);
  const auto norm = [&](const std::string& name, int src, bool affine) {
    return norms ? b.BatchNorm(name, src, 0.01, 0.1, affine) : src;
  };
  const int stem = norm("stem.bn", b.Conv("stem", 0, 3, 3, 1, 1), true);
  const int left = norm("left.bn", b.Conv("left", b.Gelu("gelu", stem), 3, 1, 1, 0, true), false);
  b.Linear("head", b.GlobalAvgPool("gap", b.Gelu("last", b.Add("sum", {stem, left}))), 2);
  return b.Finish();
}

bool IsBias(const Parameter& parameter) {
  return parameter.kind == ParameterKind::kConvBias ||
         parameter.kind == ParameterKind::kLinearBias || parameter.kind == ParameterKind::kShift;
}

struct Subject {
  explicit Subject(Network net) : network(std::move(net)) {}
  Network network;
  Numbers parameters = RandomNumbers(network.parameter_count(), "parameters");
  Numbers images = RandomNumbers(kCount * network.input_shape().elements(), "images");

  Numbers Kernel(NormMode mode, Precision precision = Precision::kDouble) const {
    const auto tape = MakeReferenceTape(network, kCount, parameters, precision);
    return TangentKernel(*tape, images, kCount, mode);
  }
};

// By differences of the summed logits of each image.
Numbers KernelByDifferences(const Subject& subject) {
  const auto tape = MakeReferenceTape(subject.network, kCount, subject.parameters);
  const auto outputs = [&](std::int64_t element, double step) {
    Numbers moved = subject.parameters;
    moved[element] += step;
    tape->SetParameters(moved);
    tape->Forward(subject.images, kCount, NormMode::kBatch);
    const auto logits = tape->Value(int(subject.network.ops().size()) - 1);
    Numbers sums(kCount);
    for (std::size_t k = 0; k < logits.size(); ++k) sums[k * kCount / logits.size()] += logits[k];
    return sums;
  };
  Numbers kernel(kCount * kCount);
  for (const Parameter& parameter : subject.network.parameters()) {
    if (IsBias(parameter)) continue;
    for (std::int64_t k = 0; k < parameter.elements(); ++k) {
      constexpr double kStep = 1e-5;
      const Numbers more = outputs(parameter.offset + k, kStep);
      const Numbers less = outputs(parameter.offset + k, -kStep);
      for (int i = 0; i < kCount; ++i) {
        for (int j = 0; j < kCount; ++j) {
          kernel[i * kCount + j] += (more[i] - less[i]) * (more[j] - less[j]) / (4 * kStep * kStep);
        }
      }
    }
  }
  return kernel;
}

double LargestDifference(const Numbers& a, const Numbers& b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
  return largest;
}

double Largest(const Numbers& values) { return LargestDifference(values, Numbers(values.size())); }

TEST(TangentKernel, ByHand) {
  // w1 x1 + w2 x2 at (1, 0) and (1, 1).
  NetworkBuilder b({2, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", 0), 1);
  const Network network = b.Finish();
  const auto tape = MakeReferenceTape(network, 2, {0.3, -2, 1});
  const Numbers images = {1, 0, 1, 1};
  for (const NormMode mode : {NormMode::kBatch, NormMode::kFrozen, NormMode::kRunning}) {
    EXPECT_EQ(TangentKernel(*tape, images, 2, mode), Numbers({1, 1, 1, 2}));
  }
  EXPECT_NEAR(*ConditionNumber(TangentKernel(*tape, images, 2, NormMode::kBatch), 2), 6.854102,
              1e-6);
}

TEST(TangentKernel, OfAProductHasRankOne) {
  // a b x with a = 2, b = 3: Theta = 13 x x'.
  const auto tape = MakeReferenceTape(TwoWeights(), 2, {2, 3, 0});
  const Numbers images = {1, 2};
  const Numbers kernel = TangentKernel(*tape, images, 2, NormMode::kFrozen);
  EXPECT_EQ(kernel, Numbers({13, 26, 26, 52}));
  EXPECT_TRUE(std::isinf(*ConditionNumber(kernel, 2)));
}

TEST(TangentKernel, IsThatOfDifferencesThroughTheBatchsStatistics) {
  for (const bool norms : {false, true}) {
    const Subject subject(Smooth(norms));
    const Numbers differences = KernelByDifferences(subject);
    EXPECT_LT(LargestDifference(subject.Kernel(NormMode::kBatch), differences),
              1e-6 * Largest(differences));
  }
}

TEST(TangentKernel, WithFrozenStatisticsIsThatOfImagesOneByOne) {
  const Subject subject(Smooth(true));
  const auto tape = MakeReferenceTape(subject.network, kCount, subject.parameters);
  tape->Forward(subject.images, kCount, NormMode::kFrozen);
  const int logits = int(subject.network.ops().size()) - 1;
  std::vector<Numbers> gradients;
  for (int i = 0; i < kCount; ++i) {
    Numbers slopes(2 * kCount);
    slopes[2 * i] = slopes[2 * i + 1] = 1;
    tape->Backward(logits, slopes);
    const auto all = tape->ParameterSlopes();
    Numbers& own = gradients.emplace_back();
    for (const Parameter& parameter : subject.network.parameters()) {
      const auto part = PartOf(all, parameter);
      if (!IsBias(parameter)) own.insert(own.end(), part.begin(), part.end());
    }
  }
  const Numbers kernel = subject.Kernel(NormMode::kFrozen);
  for (int i = 0; i < kCount; ++i) {
    for (int j = 0; j < kCount; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < gradients[i].size(); ++k) {
        product += gradients[i][k] * gradients[j][k];
      }
      EXPECT_NEAR(kernel[i * kCount + j], product, 1e-12 * Largest(kernel));
    }
  }
  // It is another kernel than the coupled one.
  EXPECT_GT(LargestDifference(kernel, subject.Kernel(NormMode::kBatch)), 0.01 * Largest(kernel));
}

TEST(TangentKernel, IsTheSameInAllModesWithoutNorms) {
  const Subject subject(Smooth(false));
  const Numbers kernel = subject.Kernel(NormMode::kBatch);
  for (const NormMode mode : {NormMode::kFrozen, NormMode::kRunning, NormMode::kIdentity}) {
    EXPECT_LT(LargestDifference(kernel, subject.Kernel(mode)), 1e-6 * Largest(kernel));
  }
}

TEST(TangentKernel, FollowsTheOrderOfTheImages) {
  Subject subject(Smooth(true));
  const Numbers before = subject.Kernel(NormMode::kBatch);
  const std::size_t image = subject.images.size() / kCount;
  std::rotate(subject.images.begin(), subject.images.begin() + image, subject.images.end());
  const Numbers after = subject.Kernel(NormMode::kBatch);
  for (int i = 0; i < kCount; ++i) {
    for (int j = 0; j < kCount; ++j) {
      EXPECT_NEAR(after[i * kCount + j], before[(i + 1) % kCount * kCount + (j + 1) % kCount],
                  1e-6 * Largest(before));
    }
  }
}

TEST(TangentKernel, IsCloseInSinglePrecision) {
  const Subject subject(Smooth(true));
  for (const NormMode mode : {NormMode::kBatch, NormMode::kFrozen}) {
    const Numbers kernel = subject.Kernel(mode);
    EXPECT_LT(LargestDifference(kernel, subject.Kernel(mode, Precision::kSingle)),
              1e-4 * Largest(kernel));
  }
}

TEST(TangentKernel, OfANetworkThatIgnoresImagesIsConstantToTheBit) {
  NetworkBuilder b(kImage);
  const int zero = b.Zero("zero", {3, 2, 2});
  const int norm = b.BatchNorm("bn", b.Conv("conv", zero, 3, 3, 1, 1, true), 0.01, 0.1);
  b.Linear("head", b.GlobalAvgPool("gap", b.Gelu("gelu", norm)), 2);
  const Subject subject(b.Finish());
  for (const NormMode mode : {NormMode::kBatch, NormMode::kFrozen}) {
    const Numbers kernel = subject.Kernel(mode);
    EXPECT_GT(kernel[0], 0);
    EXPECT_EQ(kernel, Numbers(kCount * kCount, kernel[0]));
    const std::vector<int> labels = {0, 1, 0, 1};
    EXPECT_EQ(*LabelGradientAlignment(kernel, labels), 0);
    EXPECT_EQ(*SmallestEigenvalue(kernel, kCount), 0);
  }
  EXPECT_NEAR(subject.Kernel(NormMode::kBatch)[0], KernelByDifferences(subject)[0],
              1e-6 * subject.Kernel(NormMode::kBatch)[0]);
}

}  // namespace
}  // namespace mote
