#include "mote/run/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mote/run/catalog.h"

namespace mote {
namespace {

const SearchSpace& NasBench201() {
  static const auto space = BuiltinCatalog().spaces.Create("nasbench201", {});
  return *space;
}

std::vector<Workload> All(const CellSample& sample = {}) {
  return MakeWorkloads(NasBench201(), BuiltinCatalog().presets, sample);
}

const Workload& Named(const std::vector<Workload>& workloads, const std::string& name) {
  for (const Workload& workload : workloads) {
    if (workload.name == name) return workload;
  }
  ADD_FAILURE() << "no workload " << name;
  return workloads.front();
}

TEST(CellOfLetters, ReadsTheEdgesInTheirOrder) {
  EXPECT_EQ(
      CellOfLetters(NasBench201(), "n3s1p3").text(),
      "|none~0|+|nor_conv_3x3~0|skip_connect~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_3x3~2|");
}

TEST(RandomCells, AreNineteenConnectedOnes) {
  const auto cells = RandomCells(NasBench201());
  EXPECT_EQ(cells.size(), 19u);
  for (const Architecture& cell : cells) {
    EXPECT_TRUE(NasBench201().IsConnected(cell)) << cell.text();
  }
}

TEST(Workloads, HaveNamesOfTheirOwnAndNetworksThatLearn) {
  std::set<std::string> names;
  for (const Workload& workload : All()) {
    EXPECT_TRUE(names.insert(workload.name).second) << workload.name;
    EXPECT_FALSE(workload.summary.empty()) << workload.name;
    EXPECT_GT(workload.batch_size, 0) << workload.name;
    ASSERT_FALSE(workload.cells.empty()) << workload.name;
    for (const Architecture& cell : workload.cells) {
      const Network network = NasBench201().Build(cell, workload.skeleton, workload.task);
      EXPECT_TRUE(network.depends_on_input()) << workload.name;
    }
  }
}

TEST(Workloads, AreTheWorkThatTheirNamesSay) {
  const auto workloads = All({.count = 3});
  const Workload& reduced = Named(workloads, "random-16x8x8");
  const Network network = NasBench201().Build(reduced.cells[0], reduced.skeleton, reduced.task);
  EXPECT_EQ(network.op(network.Find("stem.conv")).shape, (Shape{16, 8, 8}));
  EXPECT_EQ(network.op(network.Find("pool1")).shape, (Shape{16, 2, 2}));
  EXPECT_EQ(reduced.batch_size, 256);

  const Workload& fast = Named(workloads, "fast");
  EXPECT_EQ(fast.cells.size(), 3u);
  EXPECT_EQ(fast.task.height, 4);
  EXPECT_EQ(fast.batch_size, 64);
  EXPECT_EQ(fast.skeleton.stages.front().channels, 8);
  EXPECT_EQ(fast.skeleton.stages.front().cells, 5);
  EXPECT_EQ(Named(workloads, "wide").skeleton.stages.front().channels, 16);
  EXPECT_EQ(Named(workloads, "wide").cells, fast.cells);
  EXPECT_NE(Named(All({.count = 3, .seed = 1}), "fast").cells, fast.cells);

  EXPECT_EQ(Named(workloads, "train-64").pass, Pass::kTrainingStep);
  EXPECT_EQ(Named(workloads, "infer-1").pass, Pass::kInference);
  EXPECT_EQ(Named(workloads, "infer-1").batch_size, 1);
}

// By hand: a convolution of the images (3 to 2 channels, 4x4), one of those to 5 (2x2), and a
// linear layer of them to 7 classes.
TEST(DirectFlops, CountsPassesByTheFormula) {
  NetworkBuilder builder(Shape{3, 4, 4});
  int at = builder.Conv("first", 0, 2, 3, 1, 1);
  at = builder.Relu("relu", at);
  at = builder.Conv("second", at, 5, 1, 2, 0);
  at = builder.GlobalAvgPool("pool", at);
  builder.Linear("linear", at, 7);
  const Network network = builder.Finish();
  const double first = 2 * 3 * 2 * 9 * 16, second = 2 * 2 * 5 * 4, linear = 2 * 5 * 7;
  EXPECT_EQ(DirectFlops(network, Pass::kInference), first + second + linear);
  EXPECT_EQ(DirectFlops(network, Pass::kTrainingStep), 2 * first + 3 * second + 3 * linear);
}

// What is counted is what is computed: no convolution of the measured networks is dead.
TEST(DirectFlops, IsWhatThePlanOfTheEngineSays) {
  const auto native = BuiltinCatalog().backends.Create("native", {});
  for (const Workload& workload : All({.count = 3})) {
    if (workload.pass == Pass::kInference) continue;
    for (const Architecture& cell : workload.cells) {
      const Network network = NasBench201().Build(cell, workload.skeleton, workload.task);
      double planned = 0;
      for (const PlanStep& step : native->Explain(network)) planned += double(step.flops);
      EXPECT_EQ(DirectFlops(network, workload.pass), planned)
          << workload.name << ' ' << cell.text();
    }
  }
}

}  // namespace
}  // namespace mote
