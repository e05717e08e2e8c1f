#include "mote/probe/gradient_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::Pointwise;

// Two classes and logits (w x, 0): with w x = ln 3 and label 1 the shares are 3/4 and 1/4, the loss
// is ln 4 and dL/d logits = (3/4, -3/4).
TEST(GradientProbe, ByHand) {
  NetworkBuilder b({1, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", b.Conv("conv", 0, 1, 1, 1, 0)), 2);
  const double w1 = 2, w2 = std::log(3.0) / 2;
  const std::vector<double> parameters = {w1, /*head*/ w2, 0, /*bias*/ 0, 0};
  const std::vector<InitialBatch> batches = {
      {.images = {1}, .labels = {1}, .height = 1, .width = 1}};
  const auto found = MeasureBy(GradientProbe(TinyRecipe()), b.Finish(), parameters, batches);
  ASSERT_TRUE(found);
  const ProbeResult& result = *found;
  const auto near = [](std::vector<double> values) {
    return Pointwise(testing::DoubleNear(1e-12), values);
  };
  EXPECT_THAT(result["loss"], near({std::log(4.0)}));
  // dL/dw1 = 3/4 w2; dL/d head = (3/4, -3/4) times the value w1 before it.
  EXPECT_THAT(result["gradient_norm"], near({0.75 * w2, 1.5 * std::sqrt(2.0)}));
  EXPECT_THAT(result["weight_norm"], near({w1, w2}));
  EXPECT_THAT(result["saliency"], near({0.75 * w2 * w1, 1.5 * w2}));
  EXPECT_THAT(result["absolute_saliency"], near({0.75 * w2 * w1, 1.5 * w2}));
  // conv: one channel of one weight, a = w1, dL/da = 3/4 w2. head: logits (ln 3, 0).
  EXPECT_THAT(result["fisher"],
              near({0.5 * std::pow(w1 * 0.75 * w2, 2), 0.5 * std::pow(std::log(3.0) * 0.75, 2)}));
  EXPECT_THAT(result["gradient_square"],
              near({std::pow(0.75 * w2, 2) + 2 * std::pow(1.5, 2) + 2 * std::pow(0.75, 2)}));
}

// The weights whose gradient is taken are those whose norm is: a small step along the gradient
// changes the loss by the square of its norm.
TEST(GradientProbe, AgreesWithAStepOnACell) {
  const auto result = RunOnCell(GradientProbe(TinyRecipe()), "312034");
  ASSERT_TRUE(result);
  EXPECT_GT((*result)["gradient_square"][0], 0);
  double norms = 0;
  for (double norm : (*result)["gradient_norm"]) norms += norm * norm;
  // Biases and batch normalisations come on top.
  EXPECT_LT(norms, (*result)["gradient_square"][0]);
  EXPECT_EQ((*result)["weight_norm"].size(), (*result)["fisher"].size());
}

TEST(GradientProbe, KeepsRepeatsBehindEachOther) {
  InitialRecipe recipe = TinyRecipe();
  const auto once = RunOnCell(GradientProbe(recipe), "312034");
  recipe.repeats = 3;
  const auto thrice = RunOnCell(GradientProbe(recipe), "312034");
  ASSERT_TRUE(once && thrice);
  EXPECT_THAT((*thrice)["repeats"], ElementsAre(3));
  const std::size_t layers = (*once)["weight_norm"].size();
  ASSERT_EQ((*thrice)["weight_norm"].size(), 3 * layers);
  for (std::size_t l = 0; l < layers; ++l) {
    EXPECT_EQ((*thrice)["weight_norm"][l], (*once)["weight_norm"][l]);
    EXPECT_NE((*thrice)["weight_norm"][layers + l], (*once)["weight_norm"][l]);
  }
}

TEST(GradientProbe, GivesZeroSaliencyWhereNothingReachesTheLogits) {
  const auto result = RunOnCell(GradientProbe(TinyRecipe()), "000000");
  ASSERT_TRUE(result);
  for (double value : (*result)["absolute_saliency"]) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace mote
