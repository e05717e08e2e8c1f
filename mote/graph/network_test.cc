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

TEST(NetworkDeathTest, AbortsOnShapesThatDiffer) {
  NetworkBuilder builder({3, 4, 4});
  const int pooled = builder.AvgPool("pool", 0, 2, 2, 0);
  EXPECT_DEATH(builder.Add("sum", {0, pooled}), "different shapes");
}

}  // namespace
}  // namespace mote
