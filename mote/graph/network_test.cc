#include "mote/graph/network.h"

#include <gtest/gtest.h>

#include "mote/base/error.h"
#include "mote/graph/cost.h"

namespace mote {
namespace {

// conv3x3(3->4) - BN - relu - [avg_pool2] - conv3x3 s2 (4->8) - GAP - linear(10), on 9x7 images.
Network Small() {
  NetworkBuilder builder({3, 9, 7});
  int x = builder.Conv("stem", 0, 4, 3, 1, 1);
  x = builder.BatchNorm("norm", x, 1e-5, 0.1);
  x = builder.Relu("relu", x);
  x = builder.AvgPool("pool", x, 2, 2, 0);
  x = builder.Conv("down", x, 8, 3, 2, 1);
  x = builder.GlobalAvgPool("gap", x);
  builder.Linear("head", x, 10);
  return builder.Finish();
}

TEST(Network, InfersShapes) {
  const Network network = Small();
  EXPECT_EQ(network.op(network.Find("stem")).shape, (Shape{4, 9, 7}));
  EXPECT_EQ(network.op(network.Find("pool")).shape, (Shape{4, 4, 3}));
  EXPECT_EQ(network.op(network.Find("down")).shape, (Shape{8, 2, 2}));
  EXPECT_EQ(network.classes(), 10);
  EXPECT_TRUE(network.depends_on_input());
}

TEST(Network, LaysParametersOutWithoutGaps) {
  const Network network = Small();
  std::int64_t next = 0;
  for (const Parameter& parameter : network.parameters()) {
    EXPECT_EQ(parameter.offset, next) << parameter.name;
    next += parameter.elements();
  }
  EXPECT_EQ(network.parameter_count(), next);
  EXPECT_EQ(next, 3 * 4 * 9 + 2 * 4 + 4 * 8 * 9 + 8 * 10 + 10);
}

TEST(Network, CountsMultiplyAdds) {
  const Cost cost = CountCost(Small());
  EXPECT_EQ(cost.macs, 108 * 63 + 288 * 4 + 90);
  EXPECT_EQ(cost.conv_weights, 108 + 288);
  EXPECT_EQ(cost.activation_bytes, 4 * (3 * 4 * 63 + 4 * 12 + 8 * 4 + 8 + 10));
}

// conv3x3(2->4) with bias - BN that is not affine - GAP - linear(3), on 5x5 images.
Network Biased() {
  NetworkBuilder builder({2, 5, 5});
  int x = builder.Conv("conv", 0, 4, 3, 1, 1, /*bias=*/true);
  x = builder.BatchNorm("norm", x, 1e-5, 0.1, /*affine=*/false);
  builder.Linear("head", builder.GlobalAvgPool("gap", x), 3);
  return builder.Finish();
}

TEST(Network, PutsABiasAfterItsKernelAndLeavesOutScaleAndShift) {
  const Network network = Biased();
  ASSERT_EQ(network.parameters().size(), 4u);
  const Parameter& bias = network.parameters()[1];
  EXPECT_EQ(bias.name, "conv.bias");
  EXPECT_EQ(bias.kind, ParameterKind::kConvBias);
  EXPECT_EQ(bias.dims, (std::array<int, 4>{4, 1, 1, 1}));
  EXPECT_EQ(bias.offset, 2 * 4 * 9);
  EXPECT_EQ(network.parameters()[2].name, "head.weight");
  EXPECT_EQ(network.op(network.Find("conv")).parameters, (std::vector<int>{0, 1}));
  EXPECT_TRUE(network.op(network.Find("conv")).has_bias());
  EXPECT_FALSE(network.op(network.Find("norm")).is_affine());
}

TEST(Network, CountsABiasAsParametersButNotAsMultiplyAdds) {
  const Cost cost = CountCost(Biased());
  EXPECT_EQ(cost.params, 72 + 4 + 12 + 3);
  EXPECT_EQ(cost.conv_weights, 72);
  EXPECT_EQ(cost.macs, 72 * 25 + 12 + 3);
}

TEST(Network, WritesBiasAndMissingScaleOnlyWhereTheyAre) {
  EXPECT_EQ(Biased().ToText(),
            "  0 input              2x5x5  input\n"
            "  1 conv               4x5x5 <-0 k3 s1 p1 bias  conv\n"
            "  2 batch_norm         4x5x5 <-1 not affine  norm\n"
            "  3 global_avg_pool    4x1x1 <-2  gap\n"
            "  4 linear             3x1x1 <-3  head\n");
  const std::string usual = Small().ToText();
  EXPECT_EQ(usual.find("bias"), std::string::npos) << usual;
  EXPECT_EQ(usual.find("affine"), std::string::npos) << usual;
}

TEST(Network, KnowsWhenLogitsIgnoreTheImage) {
  NetworkBuilder builder({3, 4, 4});
  builder.Linear("head", builder.GlobalAvgPool("gap", builder.Zero("zero", {8, 4, 4})), 10);
  EXPECT_FALSE(builder.Finish().depends_on_input());
}

TEST(Network, RefusesImagesThatAreTooSmall) {
  NetworkBuilder builder({3, 3, 5});
  try {
    builder.AvgPool("pool", 0, 4, 4, 0);
    FAIL() << "a 4x4 window does not fit into 3x5";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(std::string(error.what()).find("pool gets 3x5"), std::string::npos) << error.what();
  }
}

TEST(Network, SumOfOneIsItself) {
  NetworkBuilder builder({3, 4, 4});
  EXPECT_EQ(builder.Add("sum", {0}), 0);
}

TEST(Network, AveragesForNothing) {
  NetworkBuilder builder({3, 4, 4});
  EXPECT_EQ(builder.Mean("mean", {0}), 0) << "the mean of one is itself";
  const int relu = builder.Relu("relu", 0);
  const int mean = builder.Mean("mean", {0, relu, relu});
  EXPECT_EQ(builder.shape(mean), (Shape{3, 4, 4}));
  builder.Linear("head", builder.GlobalAvgPool("gap", mean), 10);
  const Network network = builder.Finish();
  EXPECT_TRUE(network.depends_on_input());
  const Cost cost = CountCost(network);
  EXPECT_EQ(cost.params, 40);
  EXPECT_EQ(cost.macs, 40);
  EXPECT_EQ(cost.activation_bytes, 4 * (48 + 48 + 3 + 10));
  EXPECT_EQ(network.ToText(),
            "  0 input              3x4x4  input\n"
            "  1 relu               3x4x4 <-0  relu\n"
            "  2 mean               3x4x4 <-0 <-1 <-1  mean\n"
            "  3 global_avg_pool    3x1x1 <-2  gap\n"
            "  4 linear            10x1x1 <-3  head\n");
}

TEST(NetworkDeathTest, AbortsOnShapesThatDiffer) {
  NetworkBuilder builder({3, 4, 4});
  const int pooled = builder.AvgPool("pool", 0, 2, 2, 0);
  EXPECT_DEATH(builder.Add("sum", {0, pooled}), "different shapes");
  EXPECT_DEATH(builder.Mean("mean", {0, pooled}), "different shapes");
}

}  // namespace
}  // namespace mote
