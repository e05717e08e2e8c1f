#include "mote/probe/zico_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/probe/test_subject.h"
#include "mote/reading/cross_entropy.h"

namespace mote {
namespace {

// A linear operation on two features and no other weights.
Network Straight() {
  NetworkBuilder b({2, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", 0), 2);
  return b.Finish();
}

InitialBatch Points(std::vector<double> images, std::vector<int> labels) {
  return {.images = std::move(images), .labels = std::move(labels), .height = 1, .width = 1};
}

// With weights 0 both classes have probability 1/2, so that dL/dw_cj = mean over images of
// (1/2 - [label = c]) x_j.
TEST(ZicoProbe, ByHand) {
  const std::vector<InitialBatch> batches = {Points({1, 4}, {0}), Points({3, 4}, {0})};
  const auto result =
      MeasureBy(ZicoProbe(TinyRecipe()), Straight(), std::vector<double>(6), batches);
  ASSERT_TRUE(result);
  // Of feature 0: (1/2, 3/2) of either sign, mean 1, deviation 1/2, twice; of feature 1 no
  // deviation.
  ASSERT_EQ((*result)["log_inverse_variation"].size(), 1u);
  EXPECT_NEAR((*result)["log_inverse_variation"][0], std::log(4.0), 1e-12);
  EXPECT_NEAR((*result)["loss"][0], std::log(2.0), 1e-12);
  EXPECT_EQ((*result)["loss"].size(), 2u);
}

TEST(ZicoProbe, IsZeroWhereBatchesAreEqual) {
  const std::vector<InitialBatch> batches = {Points({1, 4, 2, 2}, {0, 1}),
                                             Points({1, 4, 2, 2}, {0, 1})};
  const auto result =
      MeasureBy(ZicoProbe(TinyRecipe()), Straight(), RandomNumbers(6, "weights"), batches);
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["log_inverse_variation"][0], 0);
}

// With the gradients by differences of the loss.
TEST(ZicoProbe, AgreesWithDifferences) {
  NetworkBuilder b({2, 4, 4});
  const int conv = b.Conv("conv", b.Relu("relu", 0), 3, 3, 1, 1);
  b.Linear("head", b.GlobalAvgPool("gap", b.Gelu("gelu", b.BatchNorm("norm", conv, 1e-2, 0.1))), 3);
  const Network network = b.Finish();
  std::vector<double> parameters = RandomNumbers(network.parameter_count(), "parameters");
  std::vector<InitialBatch> batches;
  for (const char* name : {"a", "b", "c"}) {
    batches.push_back({.images = RandomNumbers(5 * 32, name),
                       .labels = {0, 1, 2, 1, 0},
                       .height = 4,
                       .width = 4});
  }
  const auto result = MeasureBy(ZicoProbe(TinyRecipe()), network, parameters, batches);
  ASSERT_TRUE(result);

  const auto loss = [&](const InitialBatch& batch) {
    const auto tape = MakeReferenceTape(network, batch.count(), parameters);
    tape->Forward(batch.images, batch.count(), NormMode::kBatch);
    return MeanCrossEntropy(tape->Value(int(network.ops().size()) - 1), batch.labels);
  };
  std::vector<double> expected;
  for (const int tensor : WeightTensors(network)) {
    const Parameter& parameter = network.parameters()[tensor];
    double sum = 0;
    for (std::int64_t w = parameter.offset; w < parameter.offset + parameter.elements(); ++w) {
      const double kept = parameters[w];
      double first = 0, second = 0, magnitude = 0;
      for (const InitialBatch& batch : batches) {
        constexpr double kStep = 1e-5;
        parameters[w] = kept + kStep;
        const double above = loss(batch);
        parameters[w] = kept - kStep;
        const double below = loss(batch);
        parameters[w] = kept;
        const double slope = (above - below) / (2 * kStep);
        first += slope / 3;
        second += slope * slope / 3;
        magnitude += std::abs(slope) / 3;
      }
      sum += magnitude / std::sqrt(second - first * first);
    }
    expected.push_back(std::log(sum));
  }
  const auto values = (*result)["log_inverse_variation"];
  ASSERT_EQ(values.size(), 2u);
  EXPECT_NEAR(values[0], expected[0], 1e-4);
  EXPECT_NEAR(values[1], expected[1], 1e-4);
  // The order of batches does not matter.
  std::ranges::reverse(batches);
  const auto turned = MeasureBy(ZicoProbe(TinyRecipe()), network, parameters, batches);
  EXPECT_NEAR((*turned)["log_inverse_variation"][0], values[0], 1e-9);
}

TEST(ZicoProbe, OfCells) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.batches = 2;
  const auto convs = RunOnCell(ZicoProbe(recipe), "333333");
  ASSERT_TRUE(convs);
  // Stem, two cells of six convolutions, head.
  ASSERT_EQ((*convs)["log_inverse_variation"].size(), 14u);
  for (const double value : (*convs)["log_inverse_variation"]) EXPECT_GT(value, 0);
  const auto nothing = RunOnCell(ZicoProbe(recipe), "000000");
  ASSERT_TRUE(nothing);
  for (const double value : (*nothing)["log_inverse_variation"]) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace mote
