#include "mote/run/class_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mote/base/error.h"
#include "mote/run/catalog.h"

namespace mote {
namespace {

const SearchSpace& NasBench201() {
  static const auto space = BuiltinCatalog().spaces.Create("nasbench201", {});
  return *space;
}

TEST(SampleClasses, GivesConnectedCellsOfDifferentClasses) {
  const auto cells = SampleClasses(NasBench201(), 200, Key(0, "test"));
  ASSERT_EQ(cells.size(), 200u);
  std::set<std::string> classes;
  for (const Architecture& cell : cells) {
    EXPECT_TRUE(NasBench201().IsConnected(cell)) << cell.text();
    classes.insert(NasBench201().ClassId(cell).Hex());
  }
  EXPECT_EQ(classes.size(), 200u);
}

TEST(SampleClasses, DependsOnTheKeyAlone) {
  const auto cells = SampleClasses(NasBench201(), 5, Key(0, "test"));
  EXPECT_EQ(SampleClasses(NasBench201(), 5, Key(0, "test")), cells);
  EXPECT_NE(SampleClasses(NasBench201(), 5, Key(1, "test")), cells);
  // More of them begin with the same ones.
  auto more = SampleClasses(NasBench201(), 9, Key(0, "test"));
  more.resize(5, more.front());
  EXPECT_EQ(more, cells);
}

TEST(SampleClasses, SaysHowManyThereAre) {
  try {
    SampleClasses(NasBench201(), 15625, Key(0, "test"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), testing::HasSubstr("15625 cells are wanted"));
    EXPECT_THAT(error.what(), testing::HasSubstr("space nasbench201"));
  }
}

TEST(CountClasses, CountsEqualNetworksOnce) {
  std::vector<Architecture> all;
  for (std::int64_t i = 0; i < NasBench201().size(); ++i) all.push_back(NasBench201().At(i));
  EXPECT_EQ(CountClasses(NasBench201(), all), 5260);
  // The dead edge to node 1 makes no difference.
  const std::vector<Architecture> twins = {NasBench201().Parse("300100"),
                                           NasBench201().Parse("000100")};
  EXPECT_EQ(CountClasses(NasBench201(), twins), 1);
  EXPECT_EQ(CountClasses(NasBench201(), {}), 0);
}

}  // namespace
}  // namespace mote
