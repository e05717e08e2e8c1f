#include "mote/probe/regions_probe.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

// Rectifiers of the pixels themselves and of them turned round.
Network TwoRectifiers() {
  NetworkBuilder b({1, 3, 3});
  const int plain = b.Relu("plain", 0);
  const int turned = b.Relu("turned", b.Conv("conv", 0, 1, 1, 1, 0));
  b.Linear("head", b.GlobalAvgPool("gap", b.Add("sum", {plain, turned})), 2);
  return b.Finish();
}

InitialBatch Patches(std::vector<double> images) {
  const int count = int(images.size()) / 9;
  return {.images = std::move(images),
          .labels = std::vector<int>(std::size_t(count)),
          .height = 3,
          .width = 3};
}

TEST(RegionsProbe, CountsDistinctSignsOverAllBatches) {
  const Network network = TwoRectifiers();
  // Of three kinds: the pixels' sizes do not matter, their signs do.
  std::vector<InitialBatch> batches = {Patches({1,  1, 1, 1, 1, 1, 1, 1, 1,    //
                                                -1, 1, 1, 1, 1, 1, 1, 1, 1,    //
                                                5,  2, 1, 3, 1, 1, 2, 1, 9}),  //
                                       Patches({-2, 2, 2, 2, 2, 2, 2, 2, 2,    //
                                                -1, 1, 1, 1, -1, 1, 1, 1, 1})};
  const std::vector<double> parameters = {/*conv*/ -1, /*head*/ 0, 0, 0, 0};
  const auto result = MeasureBy(RegionsProbe(TinyRecipe()), network, parameters, batches);
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["regions"][0], 3);
  EXPECT_EQ((*result)["units"][0], 18);
  EXPECT_EQ((*result)["images"][0], 5);
}

TEST(RegionsProbe, CountsAsASetOfStringsDoes) {
  const Network network = TwoRectifiers();
  InitialBatch batch = Patches(RandomNumbers(9 * 300, "patches"));
  std::set<std::string> codes;
  for (int i = 0; i < 300; ++i) {
    // Only two pixels of each patch have a sign of their own.
    for (int k = 2; k < 9; ++k) batch.images[i * 9 + k] = 1;
    std::string code;
    for (int k = 0; k < 9; ++k) code += batch.images[i * 9 + k] > 0 ? '1' : '0';
    codes.insert(code);
  }
  const std::vector<InitialBatch> batches = {std::move(batch)};
  const auto result = MeasureBy(RegionsProbe(TinyRecipe()), network, {3, 0, 0, 0, 0}, batches);
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["regions"][0], double(codes.size()));
  EXPECT_EQ(codes.size(), 4u);
}

TEST(RegionsProbe, IsOneWhereNothingDependsOnTheImage) {
  for (const char* cell : {"000000", "111111", "444444"}) {
    InitialRecipe recipe = TinyRecipe();
    const auto result = RunOnCell(RegionsProbe(recipe), cell);
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)["regions"][0], 1) << cell << " has no rectifier";
    recipe.skeleton.head_norm_relu = true;
    const auto headed = RunOnCell(RegionsProbe(recipe), cell);
    ASSERT_TRUE(headed);
    EXPECT_EQ((*headed)["regions"][0] == 1, cell[0] == '0') << cell << " has one in its head";
  }
}

TEST(RegionsProbe, MeasuresEachRepeatWithOtherPatches) {
  InitialRecipe recipe = TinyRecipe();
  recipe.skeleton = RowSkeleton(1, 1);
  recipe.skeleton.stem = false;
  recipe.batch = {.images = 10, .batches = 3, .crop = 3, .channels = 1};
  recipe.repeats = 4;
  const auto result = RunOnCell(RegionsProbe(recipe), "333333");
  ASSERT_TRUE(result);
  const auto regions = (*result)["regions"];
  ASSERT_EQ(regions.size(), 4u);
  for (const double count : regions) EXPECT_TRUE(count > 1 && count <= 30) << count;
  EXPECT_EQ((*result)["images"][0], 30);
  EXPECT_EQ((*result)["units"][0], 6 * 9);
}

}  // namespace
}  // namespace mote
