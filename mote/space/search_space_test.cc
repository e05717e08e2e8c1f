#include "mote/space/search_space.h"

#include <gtest/gtest.h>

#include "mote/space/test_spaces.h"

namespace mote {
namespace {

TEST(SearchSpace, NumbersArchitecturesWithTheLastDecisionFastest) {
  const FakeSpace space({2, 3, 1, 2});
  ASSERT_EQ(space.size(), 12);
  EXPECT_EQ(space.At(0).decisions(), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(space.At(1).decisions(), (std::vector<int>{0, 0, 0, 1}));
  EXPECT_EQ(space.At(2).decisions(), (std::vector<int>{0, 1, 0, 0}));
  EXPECT_EQ(space.At(11).decisions(), (std::vector<int>{1, 2, 0, 1}));
  for (std::int64_t i = 0; i < space.size(); ++i) {
    EXPECT_EQ(space.IndexOf(space.At(i)), i);
    if (i > 0) {
      EXPECT_LT(space.At(i - 1), space.At(i));
    }
  }
}

TEST(SearchSpace, CountsMoreThan32BitsCanHold) {
  const FakeSpace space(std::vector<int>(20, 7));
  EXPECT_EQ(space.size(), 79792266297612001);  // 7^20
  EXPECT_EQ(space.IndexOf(space.At(space.size() - 1)), space.size() - 1);
}

TEST(SearchSpaceDeathTest, AbortsOnAnIndexOutsideOfTheSpace) {
  const FakeSpace space({2, 3});
  EXPECT_DEATH(space.At(6), "fake");
  EXPECT_DEATH(space.At(-1), "fake");
  EXPECT_DEATH(FakeSpace(std::vector<int>(40, 7)).size(), "too large");
}

TEST(Architecture, IsEqualByDecisionsAndHasAnIdOfItsText) {
  const FakeSpace space({2, 3});
  EXPECT_EQ(space.At(4), space.Make({1, 1}));
  EXPECT_NE(space.At(4), space.At(3));
  EXPECT_EQ(space.At(4).id(), space.Make({1, 1}).id());
  EXPECT_NE(space.At(4).id(), space.At(3).id());
  EXPECT_NE(Architecture("other", {1, 1}, "1.1.").id(), space.At(4).id());
}

}  // namespace
}  // namespace mote
