#include "mote/reading/synflow.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(LogSynFlow, ByHand) {
  // f = w2 relu(w1 x), x = 1, w1 = 2, w2 = 3: 6 in each layer.
  const double w1[] = {2}, w2[] = {3}, g1[] = {3}, g2[] = {2};
  const WeightLayer layers[] = {{w1, g1}, {w2, g2}};
  EXPECT_NEAR(*LogSynFlow(layers), std::log(12), 1e-15);
  EXPECT_NEAR(*LogSynFlow(std::span(layers).first(1)), std::log(6), 1e-15);
}

TEST(LogSynFlow, IsTheLogarithmOfTheSnipSum) {
  for (int seed = 0; seed < 10; ++seed) {
    const std::vector<double> w = Normals("weights", seed, 90), g = Normals("slopes", seed, 90);
    const WeightLayer layers[] = {{std::span(w).first(20), std::span(g).first(20)},
                                  {std::span(w).last(70), std::span(g).last(70)}};
    EXPECT_NEAR(*LogSynFlow(layers), std::log(*SnipSum(layers)), 1e-14);
  }
}

TEST(LogSynFlow, NeitherOverflowsNorUnderflows) {
  const std::vector<double> w = Normals("weights", 0, 50), g = Normals("slopes", 1, 50);
  const WeightLayer plain[] = {{w, g}, {g, w}};
  for (const double scale : {1e300, 1e-300}) {
    std::vector<double> scaled_w = w, scaled_g = g;
    for (double& value : scaled_w) value *= scale;
    for (double& value : scaled_g) value *= scale;
    const WeightLayer scaled[] = {{scaled_w, scaled_g}, {scaled_g, scaled_w}};
    EXPECT_NEAR(*LogSynFlow(scaled), *LogSynFlow(plain) + 2 * std::log(scale), 1e-11);
  }
}

TEST(LogSynFlow, OfANetworkThatIsCutIsMinusInfinity) {
  const double zeros[] = {0, 0}, w[] = {1, 2};
  const WeightLayer cut[] = {{w, zeros}, {zeros, w}};
  EXPECT_EQ(*LogSynFlow(cut), -kInfinity);
  EXPECT_EQ(*LogSynFlow({}), -kInfinity);
  // One layer that is cut does not hide another.
  const WeightLayer half[] = {{w, zeros}, {w, w}};
  EXPECT_NEAR(*LogSynFlow(half), std::log(5), 1e-15);
}

TEST(LogSynFlow, OfWhatIsNotFiniteHasNoValue) {
  const double w[] = {1, 0}, infinite[] = {1, kInfinity}, undefined[] = {kNan, 1};
  for (const WeightLayer& layer : {WeightLayer{w, infinite}, WeightLayer{undefined, w}}) {
    EXPECT_EQ(LogSynFlow({&layer, 1}).failure().kind, FailureKind::kDiverged);
  }
}

}  // namespace
}  // namespace mote
