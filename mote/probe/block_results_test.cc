#include "mote/probe/block_results.h"

#include <gmock/gmock.h>

#include <string>

#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> NamesOfResults(const std::string& cell, const Skeleton& skeleton) {
  const auto space = MakeNasBench201();
  const Network network = space->Build(space->Parse(cell), skeleton, Task{});
  std::vector<std::string> names;
  for (const int op : BlockResults(network, skeleton)) names.push_back(network.op(op).name);
  return names;
}

TEST(BlockResults, AreThoseOfStemBlocksAndCells) {
  Skeleton skeleton = BenchmarkSkeleton();
  EXPECT_THAT(NamesOfResults("333333", skeleton), SizeIs(18));
  for (Stage& stage : skeleton.stages) stage.cells = 1;
  EXPECT_THAT(NamesOfResults("333333", skeleton),
              ElementsAre("stem.bn", "cell0.node3", "block1.sum", "cell1.node3", "block2.sum",
                          "cell2.node3"));
  // One operation alone is its node.
  EXPECT_THAT(NamesOfResults("000300", RowSkeleton(1, 4)),
              ElementsAre("stem.bn", "cell0.edge3-0.bn"));
  EXPECT_THAT(NamesOfResults("000000", RowSkeleton(1, 4)),
              ElementsAre("stem.bn", "cell0.node3.zero"));
}

TEST(BlockResults, RepeatWhereACellChangesNothing) {
  EXPECT_THAT(NamesOfResults("000100", RowSkeleton(3, 4)),
              AllOf(SizeIs(4), Each(std::string("stem.bn"))));
}

TEST(BlockResults, CountPoolingToTheCellBehindIt) {
  EXPECT_THAT(NamesOfResults("000300", PaperSkeleton()),
              ElementsAre("stem.bn", "cell0.edge3-0.bn", "cell1.edge3-0.bn"));
  EXPECT_THAT(NamesOfResults("000100", PaperSkeleton()),
              ElementsAre("stem.bn", "stem.bn", "pool1"));
}

TEST(BlockResults, BeginWithTheImagesWithoutAStem) {
  Skeleton skeleton = RowSkeleton(11, 3);
  skeleton.stem = false;
  const auto names = NamesOfResults("000300", skeleton);
  ASSERT_THAT(names, SizeIs(12));
  EXPECT_EQ(names[0], "input");
  EXPECT_EQ(names[2], "cell1.edge3-0.bn") << "and not cell10";
}

// Nothing but its own result leads out of a block.
TEST(BlockResults, AreAllThatLaterBlocksRead) {
  const auto space = MakeNasBench201();
  const Skeleton skeleton = RowSkeleton(2, 4);
  for (std::int64_t index = 0; index < space->size(); index += 7) {
    const Network network = space->Build(space->At(index), skeleton, Task{});
    const std::vector<int> results = BlockResults(network, skeleton);
    for (int op = 1; op < int(network.ops().size()); ++op) {
      for (const int src : network.op(op).src) {
        for (const int result : results) {
          EXPECT_FALSE(src < result && result < op) << space->At(index).text() << " " << op;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mote
