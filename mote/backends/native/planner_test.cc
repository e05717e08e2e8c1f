#include "mote/backends/native/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace mote::native {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kLanes = 16;

int ConvEdge(NetworkBuilder& b, const std::string& name, int x, int channels, int kernel) {
  const int relu = b.Relu(name + ".relu", x);
  const int conv = b.Conv(name + ".conv", relu, channels, kernel, 1, kernel / 2);
  return b.BatchNorm(name + ".bn", conv, 1e-5, 0.1);
}

int Stem(NetworkBuilder& b, int channels) {
  return b.BatchNorm("stem.bn", b.Conv("stem.conv", 0, channels, 3, 1, 1), 1e-5, 0.1);
}

Network Finish(NetworkBuilder& b, int x) {
  b.Linear("linear", b.GlobalAvgPool("gap", x), 10);
  return b.Finish();
}

// Stem; node1 = conv3x3 of node0; node2 = conv3x3 + pool of node0 + node1; result node1 + node2.
Network Cell(int channels, int side) {
  NetworkBuilder b({3, side, side});
  const int node0 = Stem(b, channels);
  const int node1 = ConvEdge(b, "edge1-0", node0, channels, 3);
  const int node2 = b.Add("node2", {ConvEdge(b, "edge2-0", node0, channels, 3),
                                    b.AvgPool("pool", node0, 3, 1, 1), node1});
  return Finish(b, b.Add("node3", {node1, node2}));
}

Plan PlanOf(const Network& network, const PlanOptions& options = {}) {
  return MakePlan(network, kLanes, options).value();
}

const Value& Named(const Plan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.values, name, &Value::name);
  MOTE_CHECK(found != plan.values.end(), "no value {}", name);
  return *found;
}

TEST(Planner, FoldsNormsSkipsAndPoolsIntoOneSum) {
  const Plan plan = PlanOf(Cell(16, 8));
  const Value& node2 = Named(plan, "node2");
  EXPECT_THAT(node2.norms, SizeIs(1));
  EXPECT_THAT(node2.pools, SizeIs(1));
  EXPECT_THAT(node2.skips, SizeIs(1));
  // Images, node0 to node3, average.
  EXPECT_THAT(plan.values, SizeIs(6));
}

TEST(Planner, MergesConvolutionsThatReadTheSameValue) {
  const Plan plan = PlanOf(Cell(16, 8));
  ASSERT_THAT(plan.groups, SizeIs(2));  // the stem, and both edges of node0
  EXPECT_THAT(plan.groups[1].convs, SizeIs(2));
  EXPECT_TRUE(plan.groups[1].relu);
  EXPECT_EQ(plan.groups[1].columns(), 32);
  EXPECT_THAT(PlanOf(Cell(16, 8), {.merge_convs = false}).groups, SizeIs(3));
}

TEST(Planner, MakesValuesOfWhatItMayNotFold) {
  const Plan plan = PlanOf(Cell(16, 8), {.relu_on_load = false, .sum_on_store = false});
  EXPECT_THAT(Named(plan, "node2").norms, IsEmpty());
  EXPECT_THAT(Named(plan, "node2").skips, SizeIs(3));
  EXPECT_EQ(Named(plan, "edge1-0.relu").kind, ValueKind::kActivation);
}

TEST(Planner, TakesWinogradWhereSidesAreMultiplesOfFour) {
  EXPECT_EQ(PlanOf(Cell(16, 8)).groups[1].method, ConvMethod::kWinograd);
  EXPECT_EQ(PlanOf(Cell(16, 6)).groups[1].method, ConvMethod::kDirect);
  EXPECT_EQ(PlanOf(Cell(16, 8), {.winograd = false}).groups[1].method, ConvMethod::kDirect);
  EXPECT_EQ(PlanOf(Cell(16, 8)).groups[0].method, ConvMethod::kDirect) << "of images";
}

TEST(Planner, PutsTwoImagesIntoAVectorThatEightChannelsDoNotFill) {
  EXPECT_EQ(PlanOf(Cell(8, 8)).layout.group, 2);
  EXPECT_EQ(PlanOf(Cell(16, 8)).layout.group, 1);
  EXPECT_EQ(PlanOf(Cell(24, 8)).layout.group, 2);
  EXPECT_EQ(MakePlan(Cell(8, 8), 8, {}).value().layout.group, 1);
  EXPECT_EQ(PlanOf(Cell(5, 8)).layout.Pitch(5), 16);
}

TEST(Planner, LeavesOutWhatNothingReads) {
  NetworkBuilder b({3, 8, 8});
  const int stem = Stem(b, 16);
  ConvEdge(b, "dead", stem, 16, 3);
  const Plan plan = PlanOf(Finish(b, stem));
  EXPECT_THAT(plan.groups, SizeIs(1));
  EXPECT_THAT(plan.unread, SizeIs(3));  // kernel, gamma, beta
}

TEST(Planner, FoldsASumIntoThePoolThatAloneReadsIt) {
  const Plan plan = PlanOf(Cell(16, 8));
  EXPECT_EQ(plan.values[Named(plan, "node3").folded_into].name, "gap");
  EXPECT_EQ(Named(PlanOf(Cell(16, 8), {.pool_on_store = false}), "node3").folded_into, -1);
  // Others read node1, too.
  EXPECT_EQ(Named(plan, "edge1-0.bn").folded_into, -1);
}

TEST(Planner, AveragesResultsBeforeItNormalisesThem) {
  NetworkBuilder b({3, 8, 8});
  const int stem = Stem(b, 16);
  const int node1 = ConvEdge(b, "edge1", stem, 16, 3);
  const int node2 = b.Add("node2", {ConvEdge(b, "edge2", node1, 16, 3), stem});
  const Network network = Finish(b, node2);
  const Plan plan = PlanOf(network);
  const Value& gap = Named(plan, "gap");
  ASSERT_THAT(gap.norms, SizeIs(1));
  EXPECT_EQ(plan.norms[gap.norms[0]].name, "edge2.bn");
  EXPECT_EQ(plan.norms[gap.norms[0]].pool_height, 8);
  ASSERT_THAT(gap.skips, SizeIs(1));
  EXPECT_EQ(plan.values[gap.skips[0]].kind, ValueKind::kPool);
  EXPECT_THAT(Named(plan, "node2").norms, IsEmpty());
  EXPECT_THAT(Named(PlanOf(network, {.norm_after_pool = false}), "node2").norms, SizeIs(1));
}

TEST(Planner, MakesNoSumOfWhatIsAveragedBefore) {
  NetworkBuilder b({3, 8, 8});
  const Plan plan = PlanOf(Finish(b, ConvEdge(b, "edge", Stem(b, 16), 16, 1)));
  // Images, stem, average.
  EXPECT_THAT(plan.values, SizeIs(3));
  EXPECT_THAT(Named(plan, "gap").norms, SizeIs(1));
}

TEST(Planner, StoresNothingThatReadersCanNormalise) {
  const Plan plan = PlanOf(Cell(16, 8));
  EXPECT_FALSE(Named(plan, "edge1-0.bn").stored) << "read by sums";
  EXPECT_TRUE(Named(plan, "stem.bn").stored) << "a pool reads it";
  EXPECT_TRUE(Named(plan, "node2").stored) << "a sum";
  EXPECT_TRUE(Named(PlanOf(Cell(16, 8), {.norm_on_load = false}), "edge1-0.bn").stored);
}

TEST(Planner, KnowsWhatLeavesASegment) {
  NetworkBuilder b({3, 8, 8});
  const int stem = Stem(b, 16);
  const int wide = b.Add("wide", {ConvEdge(b, "edge1", stem, 16, 3), stem});
  const int pooled = b.AvgPool("pooled", b.Gelu("gelu", wide), 2, 2, 0);
  const Plan plan =
      PlanOf(Finish(b, b.Add("small", {pooled, ConvEdge(b, "edge2", pooled, 16, 3)})));
  EXPECT_FALSE(Named(plan, "wide").leaves_segment);
  EXPECT_TRUE(Named(plan, "gelu").leaves_segment) << "read at another size";
  EXPECT_FALSE(Named(plan, "pooled").leaves_segment);
  EXPECT_TRUE(Named(plan, "gap").leaves_segment) << "the head reads it";
  EXPECT_THAT(plan.segments, SizeIs(3)) << "8x8, 4x4, 1x1";
}

TEST(Planner, EndsAPhaseWhereStatisticsOfTheBatchAreNeeded) {
  NetworkBuilder b({3, 8, 8});
  const int stem = Stem(b, 16);
  const int pool = b.Add("pool", {b.AvgPool("p", stem, 3, 1, 1), stem});
  const int twice = b.Add("twice", {pool, stem});
  const int edge = b.Add("edge", {ConvEdge(b, "conv", twice, 16, 3), pool});
  const Network network = Finish(b, b.Gelu("gelu", edge));
  const Plan plan = PlanOf(network);
  // Images; stem, pool, twice; edge, gelu; gap.
  const std::vector<Phase> phases = {{0, 1}, {1, 4}, {4, 6}, {6, 7}};
  EXPECT_EQ(plan.forward_phases, phases);
  EXPECT_EQ(plan.backward_phases, std::vector<Phase>(phases.rbegin(), phases.rend()));
  EXPECT_THAT(PlanOf(network, {.share_blocks = false}).forward_phases, SizeIs(plan.values.size()));
}

TEST(Planner, AddsAConvolutionThatTwoReadOnlyOnce) {
  NetworkBuilder b({3, 8, 8});
  const int stem = Stem(b, 16);
  const int edge = ConvEdge(b, "edge", stem, 16, 1);
  const int first = b.Add("first", {edge, stem});
  const Plan plan = PlanOf(Finish(b, b.Add("second", {edge, first})));
  EXPECT_THAT(Named(plan, "first").norms, IsEmpty());
  EXPECT_THAT(Named(plan, "edge.bn").norms, SizeIs(1));
}

TEST(Planner, DeclinesInWordsThatNameTheOperation) {
  const auto reason = [](auto body) {
    NetworkBuilder b({3, 8, 8});
    const int stem = Stem(b, 8);
    return MakePlan(Finish(b, body(b, stem)), kLanes, {}).failure().message;
  };
  EXPECT_THAT(reason([](NetworkBuilder& b, int x) { return b.Conv("wide", x, 8, 5, 1, 2); }),
              HasSubstr("wide is a 5x5"));
  EXPECT_THAT(reason([](NetworkBuilder& b, int x) { return b.AvgPool("sparse", x, 3, 2, 1); }),
              HasSubstr("sparse pools"));
  EXPECT_EQ(reason([](NetworkBuilder& b, int x) { return b.Conv("c", x, 8, 3, 1, 1, true); }),
            "c has a bias");
  EXPECT_EQ(reason([](NetworkBuilder& b, int x) { return b.BatchNorm("n", x, 1e-5, 0.1, false); }),
            "n has no scale and shift");
  EXPECT_THAT(reason([](NetworkBuilder& b, int x) {
                return b.Mean("m", {x, b.Relu("r", x)});
              }),
              HasSubstr("m is a mean"));
}

TEST(Planner, PlacesEveryParameterOnce) {
  for (const int channels : {8, 16, 24}) {
    const Network network = Cell(channels, 8);
    const Plan plan = PlanOf(network);
    std::vector<int> seen;
    for (const Conv& conv : plan.convs) seen.push_back(conv.parameter);
    for (const Norm& norm : plan.norms) {
      seen.push_back(norm.gamma_parameter);
      seen.push_back(norm.beta_parameter);
    }
    for (const UnreadParameter& unread : plan.unread) seen.push_back(unread.parameter);
    seen.push_back(plan.head.weight_parameter);
    seen.push_back(plan.head.bias_parameter);
    std::ranges::sort(seen);
    std::vector<int> all(network.parameters().size());
    for (int p = 0; p < int(all.size()); ++p) all[p] = p;
    EXPECT_EQ(seen, all);
    EXPECT_EQ(plan.weight_count % 16, 0);
  }
}

}  // namespace
}  // namespace mote::native
