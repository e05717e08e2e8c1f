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

TEST(InitialParameters, DependOnTheKeyAlone) {
  const Network network = Make();
  const auto init = [&](std::uint64_t seed) {
    return InitialParameters(network, Initializer::kGlorotUniform, Key(seed, "weights"));
  };
  EXPECT_EQ(init(1), init(1));
  EXPECT_NE(init(1), init(2));
}

}  // namespace
}  // namespace mote
