#include "mote/space/assemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/error.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

int ReluCell(NetworkBuilder& builder, const std::string& prefix, int src) {
  return builder.Relu(prefix + "relu", src);
}

std::vector<std::string> Names(const Network& network) {
  std::vector<std::string> names;
  for (const Op& op : network.ops()) names.push_back(op.name);
  return names;
}

std::string Message(const Skeleton& skeleton, const Task& task) {
  try {
    Assemble(skeleton, task, ReluCell);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(Assemble, PutsTheCellsOfARowBetweenStemAndHead) {
  Skeleton skeleton = RowSkeleton(2, 8);
  const Network network = Assemble(skeleton, {.height = 4, .width = 5, .classes = 7}, ReluCell);
  EXPECT_THAT(Names(network), ElementsAre("input", "stem.conv", "stem.bn", "cell0.relu",
                                          "cell1.relu", "head.pool", "head.linear"));
  EXPECT_EQ(network.op(4).shape, (Shape{8, 4, 5}));
  EXPECT_EQ(network.classes(), 7);
  EXPECT_EQ(network.op(2).epsilon, 1e-4);
  skeleton.stem_activation = Activation::kGelu;
  EXPECT_EQ(Assemble(skeleton, {}, ReluCell).op(3).name, "stem.gelu");
  skeleton.stem_activation = Activation::kRelu;
  EXPECT_EQ(Assemble(skeleton, {}, ReluCell).op(3).name, "stem.relu");
}

TEST(Assemble, LeavesOutTheStem) {
  Skeleton skeleton = RowSkeleton(2, 3);
  skeleton.stem = false;
  const Network network = Assemble(skeleton, {.height = 4, .width = 5, .classes = 7}, ReluCell);
  EXPECT_THAT(Names(network),
              ElementsAre("input", "cell0.relu", "cell1.relu", "head.pool", "head.linear"));
  EXPECT_THAT(network.op(1).src, ElementsAre(0));
  EXPECT_EQ(network.op(1).shape, (Shape{3, 4, 5}));
  skeleton.stages[0].before = Reduction::kAvgPool;
  EXPECT_EQ(Assemble(skeleton, {}, ReluCell).op(1).name, "pool0");
}

TEST(Assemble, WithoutAStemTakesImagesOfTheStagesChannelsOnly) {
  Skeleton skeleton = RowSkeleton(1, 4);
  skeleton.stem = false;
  EXPECT_NO_THROW(Assemble(skeleton, {.channels = 4}, ReluCell));
  EXPECT_THAT(Message(skeleton, {.channels = 3}),
              AllOf(HasSubstr("3 channels"), HasSubstr("no stem"), HasSubstr("4 channels")));
  // A residual block makes them what the stage wants.
  skeleton.stages[0].before = Reduction::kResidualBlock;
  EXPECT_EQ(Assemble(skeleton, {.channels = 3}, ReluCell).Find("block0.sum"), 9);
  skeleton.stem_activation = Activation::kRelu;
  EXPECT_THAT(Message(skeleton, {}), AllOf(HasSubstr("no stem"), HasSubstr("relu")));
}

TEST(Assemble, PoolsBetweenStages) {
  const Network network =
      Assemble(TwoScaleSkeleton(1, 8), {.height = 8, .width = 6, .classes = 2}, ReluCell);
  EXPECT_THAT(Names(network), ElementsAre("input", "stem.conv", "stem.bn", "cell0.relu", "pool1",
                                          "cell1.relu", "head.pool", "head.linear"));
  EXPECT_EQ(network.op(5).shape, (Shape{8, 4, 3}));
}

TEST(Assemble, BuildsTheBenchmarksResidualBlock) {
  Skeleton skeleton;
  skeleton.stages = {{.cells = 1, .channels = 4},
                     {.cells = 1, .channels = 6, .before = Reduction::kResidualBlock}};
  skeleton.head_norm_relu = true;
  const Network network = Assemble(skeleton, {.height = 4, .width = 4, .classes = 2}, ReluCell);
  EXPECT_EQ(network.ToText(),
            "  0 input              3x4x4  input\n"
            "  1 conv               4x4x4 <-0 k3 s1 p1  stem.conv\n"
            "  2 batch_norm         4x4x4 <-1  stem.bn\n"
            "  3 relu               4x4x4 <-2  cell0.relu\n"
            "  4 relu               4x4x4 <-3  block1.relu_a\n"
            "  5 conv               6x2x2 <-4 k3 s2 p1  block1.conv_a\n"
            "  6 batch_norm         6x2x2 <-5  block1.bn_a\n"
            "  7 relu               6x2x2 <-6  block1.relu_b\n"
            "  8 conv               6x2x2 <-7 k3 s1 p1  block1.conv_b\n"
            "  9 batch_norm         6x2x2 <-8  block1.bn_b\n"
            " 10 avg_pool           4x2x2 <-3 k2 s2 p0  block1.pool\n"
            " 11 conv               6x2x2 <-10 k1 s1 p0  block1.conv_shortcut\n"
            " 12 add                6x2x2 <-11 <-9  block1.sum\n"
            " 13 relu               6x2x2 <-12  cell1.relu\n"
            " 14 batch_norm         6x2x2 <-13  head.bn\n"
            " 15 relu               6x2x2 <-14  head.relu\n"
            " 16 global_avg_pool    6x1x1 <-15  head.pool\n"
            " 17 linear             2x1x1 <-16  head.linear\n");
}

TEST(Assemble, RefusesImagesThatAreTooSmall) {
  EXPECT_NO_THROW(Assemble(PaperSkeleton(), {.height = 4, .width = 4}, ReluCell));
  EXPECT_THAT(Message(PaperSkeleton(), {.height = 4, .width = 3}),
              AllOf(HasSubstr("4x3"), HasSubstr("side of at least 4")));
  EXPECT_NO_THROW(Assemble(BenchmarkSkeleton(), {.height = 4, .width = 4}, ReluCell));
  EXPECT_THAT(Message(BenchmarkSkeleton(), {.height = 3, .width = 3}),
              HasSubstr("side of at least 4"));
  EXPECT_NO_THROW(Assemble(RowSkeleton(1, 4), {.height = 1, .width = 1}, ReluCell));
  for (const Task& task :
       {Task{.height = 0}, Task{.width = -1}, Task{.channels = 0}, Task{.classes = 0}}) {
    EXPECT_THAT(Message(PaperSkeleton(), task), HasSubstr("at least 1"));
  }
  Skeleton absurd = RowSkeleton(1, 4);
  for (int i = 0; i < 80; ++i) {
    absurd.stages.push_back({.cells = 1, .channels = 4, .before = Reduction::kAvgPool});
  }
  EXPECT_THAT(Message(absurd, {}), HasSubstr("too small"));
}

TEST(Assemble, RefusesOddSidesBeforeAResidualBlock) {
  EXPECT_NO_THROW(Assemble(BenchmarkSkeleton(), {.height = 28, .width = 28}, ReluCell));
  EXPECT_THAT(Message(BenchmarkSkeleton(), {.height = 28, .width = 30}),
              AllOf(HasSubstr("28x30"), HasSubstr("14x15"), HasSubstr("multiples of 4")));
  EXPECT_THAT(Message(BenchmarkSkeleton(), {.height = 31, .width = 28}), HasSubstr("31x28"));
  // Plain pooling drops the rest instead.
  EXPECT_NO_THROW(Assemble(PaperSkeleton(), {.height = 30, .width = 31}, ReluCell));
}

TEST(Assemble, RefusesSkeletonsThatContradictThemselves) {
  Skeleton skeleton;
  EXPECT_THAT(Message(skeleton, {}), HasSubstr("no stage"));
  skeleton = TwoScaleSkeleton(1, 8);
  skeleton.stages[1].channels = 16;
  EXPECT_THAT(Message(skeleton, {}), AllOf(HasSubstr("stage 1"), HasSubstr("8 channels to 16"),
                                           HasSubstr("residual block")));
  skeleton.stages[1].before = Reduction::kNone;
  EXPECT_THAT(Message(skeleton, {}), HasSubstr("residual block"));
  EXPECT_THAT(Message(RowSkeleton(0, 8), {}), HasSubstr("at least 1"));
  EXPECT_THAT(Message(RowSkeleton(1, 0), {}), HasSubstr("at least 1"));
  skeleton = TwoScaleSkeleton(1, 8);
  skeleton.stages[1].pool = 0;
  EXPECT_THAT(Message(skeleton, {}), HasSubstr("pool 0"));
  skeleton = RowSkeleton(1, 8);
  skeleton.norm_epsilon = 0;
  EXPECT_THAT(Message(skeleton, {}), HasSubstr("norm_epsilon"));
  skeleton = RowSkeleton(1, 8);
  skeleton.norm_momentum = 1.5;
  EXPECT_THAT(Message(skeleton, {}), HasSubstr("norm_momentum"));
}

TEST(AssembleDeathTest, AbortsOnACellThatChangesTheShape) {
  const CellBuilder bad = [](NetworkBuilder& builder, const std::string& prefix, int src) {
    return builder.AvgPool(prefix + "pool", src, 2, 2, 0);
  };
  EXPECT_DEATH(Assemble(RowSkeleton(1, 4), {}, bad), "changes the shape");
}

}  // namespace
}  // namespace mote
