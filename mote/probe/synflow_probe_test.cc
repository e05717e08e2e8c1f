#include "mote/probe/synflow_probe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

const std::vector<InitialBatch> kOne = {{.images = {1}, .labels = {0}, .height = 1, .width = 1}};

InitialRecipe FlowRecipe() {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch = {.source = ImageSource::kOnes, .images = 1};
  recipe.precision = Precision::kDouble;
  return recipe;
}

double LogFlow(const InitialRecipe& recipe, NormMode norm, const std::string& cell) {
  const auto result = RunOnCell(SynflowProbe(recipe, norm), cell);
  return result ? (*result)["log_flow"][0] : std::nan("");
}

// w2 relu(w1 x): 6 of each layer, whatever the signs.
TEST(SynflowProbe, ByHand) {
  for (const double sign : {1, -1}) {
    const auto result = MeasureBy(SynflowProbe(FlowRecipe(), NormMode::kIdentity), TwoWeights(),
                                  {2 * sign, -3, -1}, kOne);
    ASSERT_TRUE(result);
    EXPECT_NEAR((*result)["log_flow"][0], std::log(12), 1e-14);
  }
}

TEST(SynflowProbe, LetsBiasesFlow) {
  // |w2| (|w1| + |b|): the first layer has 3 * 2, the second 3 * (2 + 1).
  NetworkBuilder b({1, 1, 1});
  b.Linear("w2", b.GlobalAvgPool("gap", b.Relu("relu", b.Conv("w1", 0, 1, 1, 1, 0, true))), 1);
  const auto result =
      MeasureBy(SynflowProbe(FlowRecipe(), NormMode::kIdentity), b.Finish(), {2, -1, 3, 0}, kOne);
  ASSERT_TRUE(result);
  EXPECT_NEAR((*result)["log_flow"][0], std::log(15), 1e-14);
}

// Without biases R is linear in each layer's weights, and each of a chain of L layers has all of R.
TEST(SynflowProbe, IsConservedThroughAChainOfAnyScale) {
  NetworkBuilder b({1, 1, 1});
  int at = 0;
  for (int l = 0; l < 5; ++l) {
    const std::string name = "layer" + std::to_string(l);
    at = b.Relu(name + ".relu", b.BatchNorm(name + ".bn", b.Conv(name, at, 1, 1, 1, 0), 1e-5, 0.1));
  }
  b.Linear("head", b.GlobalAvgPool("gap", at), 1);
  const Network network = b.Finish();
  for (const double scale : {1.0, 1e40}) {
    std::vector<double> parameters;
    for (const Parameter& parameter : network.parameters()) {
      const bool is_weight = parameter.kind == ParameterKind::kConvKernel ||
                             parameter.kind == ParameterKind::kLinearWeight;
      // Batch normalisation must not be there: its scale would multiply.
      parameters.push_back(is_weight ? -scale : parameter.kind == ParameterKind::kScale ? 9 : 0);
    }
    const auto result =
        MeasureBy(SynflowProbe(FlowRecipe(), NormMode::kIdentity), network, parameters, kOne);
    ASSERT_TRUE(result);
    EXPECT_NEAR((*result)["log_flow"][0], std::log(6) + 6 * std::log(scale), 1e-10);
  }
}

TEST(SynflowProbe, GrowsWithPathsAndIsNothingWithoutAny) {
  const auto flow = [](const char* cell) {
    return LogFlow(FlowRecipe(), NormMode::kIdentity, cell);
  };
  EXPECT_TRUE(std::isinf(flow("000000")) && flow("000000") < 0);
  EXPECT_TRUE(std::isfinite(flow("111111")));
  EXPECT_LT(flow("000100"), flow("111111"));
  EXPECT_LT(flow("111111"), flow("333333"));
}

TEST(SynflowProbe, WithNormsIsAnotherNumberAndAnotherKey) {
  const double with = LogFlow(FlowRecipe(), NormMode::kBatch, "312034");
  EXPECT_TRUE(std::isfinite(with));
  EXPECT_NE(with, LogFlow(FlowRecipe(), NormMode::kIdentity, "312034"));
  const double none = LogFlow(FlowRecipe(), NormMode::kBatch, "000000");
  EXPECT_TRUE(std::isinf(none) && none < 0);
  EXPECT_NE(SynflowProbe(FlowRecipe(), NormMode::kBatch).ToJson(),
            SynflowProbe(FlowRecipe(), NormMode::kIdentity).ToJson());
}

}  // namespace
}  // namespace mote
