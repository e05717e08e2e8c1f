#include "mote/probe/swap_probe.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

Network OneRectifier() {
  NetworkBuilder b({3, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", b.Relu("relu", 0)), 1);
  return b.Finish();
}

double Patterns(std::vector<double> images) {
  const int count = int(images.size()) / 3;
  const std::vector<InitialBatch> batches = {{.images = std::move(images),
                                              .labels = std::vector<int>(std::size_t(count)),
                                              .height = 1,
                                              .width = 1}};
  const auto result = MeasureBy(SwapProbe(TinyRecipe()), OneRectifier(), {0, 0, 0, 0}, batches);
  EXPECT_TRUE(result);
  EXPECT_EQ((*result)["units"][0], 3);
  EXPECT_EQ((*result)["parameters"][0], 4);
  return (*result)["patterns"][0];
}

TEST(SwapProbe, ByHand) {
  // Samples 101 and 100: units (1, 1), (0, 0), (1, 0).
  EXPECT_EQ(Patterns({1, -1, 1, 1, -1, -1}), 3);
  // Samples 110 and 110.
  EXPECT_EQ(Patterns({1, 1, -1, 1, 1, -1}), 2);
}

TEST(SwapProbe, DoesNotSeeTheOrderOfImages) {
  const std::vector<double> images = RandomNumbers(3 * 5, "images");
  std::vector<double> turned;
  for (int i = 4; i >= 0; --i) {
    turned.insert(turned.end(), images.begin() + 3 * i, images.begin() + 3 * (i + 1));
  }
  EXPECT_EQ(Patterns(images), Patterns(turned));
  std::set<std::string> columns;
  for (int unit = 0; unit < 3; ++unit) {
    std::string column;
    for (int i = 0; i < 5; ++i) column += images[i * 3 + unit] > 0 ? '1' : '0';
    columns.insert(column);
  }
  EXPECT_EQ(Patterns(images), double(columns.size()));
}

TEST(SwapProbe, IsZeroWithoutRectifiersAndAtMostAPowerOfTwo) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.images = 3;
  recipe.repeats = 2;
  for (const char* cell : {"000000", "111111"}) {
    const auto result = RunOnCell(SwapProbe(recipe), cell);
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)["patterns"].size(), 2u);
    EXPECT_EQ((*result)["patterns"][0], 0) << cell;
  }
  const auto result = RunOnCell(SwapProbe(recipe), "333333");
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["patterns"][0], 8);
}

}  // namespace
}  // namespace mote
