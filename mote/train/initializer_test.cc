#include "mote/train/initializer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/base/stats.h"

namespace mote {
namespace {

Network Make() {
  NetworkBuilder builder({3, 8, 8});
  int x = builder.Conv("conv", 0, 32, 3, 1, 1);
  x = builder.BatchNorm("norm", x, 1e-4, 0.003);
  x = builder.GlobalAvgPool("gap", x);
  builder.Linear("head", x, 10);
  return builder.Finish();
}

std::vector<double> Of(const Network& network, const std::vector<double>& all, int parameter) {
  const Parameter& p = network.parameters()[parameter];
  return {all.begin() + p.offset, all.begin() + p.offset + p.elements()};
}

TEST(InitialParameters, GlorotFillsItsRangeUniformly) {
  const Network network = Make();
  const auto all = InitialParameters(network, Initializer::kGlorotUniform, Key(1, "weights"));
  const auto kernel = Of(network, all, 0);
  const double bound = std::sqrt(6.0 / (9 * (3 + 32)));
  EXPECT_LE(*std::max_element(kernel.begin(), kernel.end()), bound);
  EXPECT_GT(*std::max_element(kernel.begin(), kernel.end()), 0.98 * bound);
  EXPECT_NEAR(StandardDeviation(kernel), bound / std::sqrt(3.0), 0.03 * bound);
  for (double gamma : Of(network, all, 1)) EXPECT_EQ(gamma, 1);
  for (double beta : Of(network, all, 2)) EXPECT_EQ(beta, 0);
  for (double bias : Of(network, all, 4)) EXPECT_EQ(bias, 0);
}

TEST(InitialParameters, KaimingUniformAlsoFillsTheBias) {
  const Network network = Make();
  const auto all = InitialParameters(network, Initializer::kKaimingUniform, Key(1, "weights"));
  const double bound = 1 / std::sqrt(32.0);
  for (double bias : Of(network, all, 4)) {
    EXPECT_NE(bias, 0);
    EXPECT_LE(std::abs(bias), bound);
  }
}

// Kernel of 3 x 9 inputs, then bias; and the linear layer of 64 inputs after them.
TEST(InitialParameters, KaimingUniformDrawsTheBiasOfAConvolutionFromTheRangeOfItsKernel) {
  NetworkBuilder builder({3, 8, 8});
  const int conv = builder.Conv("conv", 0, 64, 3, 1, 1, /*bias=*/true);
  const int norm = builder.BatchNorm("norm", conv, 1e-5, 0.1, /*affine=*/false);
  builder.Linear("head", builder.GlobalAvgPool("gap", norm), 10);
  const Network network = builder.Finish();
  const Key key(1, "weights");
  const auto kaiming = InitialParameters(network, Initializer::kKaimingUniform, key);
  const auto bias = Of(network, kaiming, 1);
  const double bound = 1 / std::sqrt(27.0);
  EXPECT_LE(*std::max_element(bias.begin(), bias.end()), bound);
  EXPECT_GT(*std::max_element(bias.begin(), bias.end()), 0.85 * bound);
  EXPECT_LT(*std::min_element(bias.begin(), bias.end()), -0.85 * bound);
  for (double weight : Of(network, kaiming, 2)) EXPECT_LE(std::abs(weight), 1 / 8.0);
  const auto glorot = InitialParameters(network, Initializer::kGlorotUniform, key);
  for (double zero : Of(network, glorot, 1)) EXPECT_EQ(zero, 0);
}

TEST(InitialParameters, DependOnTheKeyAlone) {
  const Network network = Make();
  const auto init = [&](std::uint64_t seed) {
    return InitialParameters(network, Initializer::kGlorotUniform, Key(seed, "weights"));
  };
  EXPECT_EQ(init(1), init(1));
  EXPECT_NE(init(1), init(2));
}

// The head of one network, after 32 channels of a convolution, and that of another without it.
TEST(InitialParameters, ByNameDependOnNoOtherParameter) {
  const Network network = Make();
  NetworkBuilder builder({32, 8, 8});
  builder.Linear("head", builder.GlobalAvgPool("gap", 0), 10);
  const Network shorter = builder.Finish();
  const auto draw = [](const Network& of, WeightStreams streams) {
    return InitialParameters(of, Initializer::kKaimingUniform, Key(1, "weights"), streams);
  };
  const auto shared = draw(network, WeightStreams::kByName);
  EXPECT_EQ(Of(network, shared, 3), Of(shorter, draw(shorter, WeightStreams::kByName), 0));
  EXPECT_EQ(Of(network, shared, 4), Of(shorter, draw(shorter, WeightStreams::kByName), 1));
  const auto in_order = draw(network, WeightStreams::kInOrder);
  EXPECT_NE(Of(network, in_order, 3), Of(shorter, draw(shorter, WeightStreams::kInOrder), 0));
  // Of the same range, with the bias in that of its weights.
  const auto head = Of(network, shared, 3);
  EXPECT_GT(*std::max_element(head.begin(), head.end()), 0.95 / std::sqrt(32.0));
  EXPECT_LE(*std::max_element(head.begin(), head.end()), 1 / std::sqrt(32.0));
  for (double bias : Of(network, shared, 4)) EXPECT_LE(std::abs(bias), 1 / std::sqrt(32.0));
  EXPECT_NE(shared, InitialParameters(network, Initializer::kKaimingUniform, Key(2, "weights"),
                                      WeightStreams::kByName));
}

TEST(InitialParameters, ByNameDifferWhereNamesDo) {
  NetworkBuilder builder({2, 4, 4});
  const int first = builder.Conv("first", 0, 2, 3, 1, 1);
  const int second = builder.Conv("second", 0, 2, 3, 1, 1);
  builder.Linear("head", builder.GlobalAvgPool("gap", builder.Add("sum", {first, second})), 3);
  const Network network = builder.Finish();
  const auto all = InitialParameters(network, Initializer::kKaimingNormalFanIn, Key(1, "weights"),
                                     WeightStreams::kByName);
  EXPECT_NE(Of(network, all, 0), Of(network, all, 1));
}

}  // namespace
}  // namespace mote
