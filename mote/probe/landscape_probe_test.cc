#include "mote/probe/landscape_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

LandscapeRecipe Recipe(PlaneForm plane) {
  LandscapeRecipe recipe;
  recipe.training.skeleton = RowSkeleton(1, 4);
  recipe.training.data.images = 30;
  recipe.training.training.epochs = 4;
  recipe.training.training.batch_size = 10;
  recipe.training.training.schedule.peak = 0.01;
  recipe.training.line_batch_size = 30;
  recipe.plane = plane;
  recipe.side = 5;
  return recipe;
}

TEST(LandscapeProbe, ReadsThePlaneThatThePathLiesOn) {
  const auto found = RunOnCell(LandscapeProbe(Recipe(PlaneForm::kPoints)), "312034");
  ASSERT_TRUE(found);
  const ProbeResult& result = *found;
  ASSERT_EQ(result["path_u"].size(), 5u);
  ASSERT_EQ(result["plane_loss"].size(), 25u);
  EXPECT_NEAR(result["path_u"][0], -1, 1e-6);
  EXPECT_NEAR(result["path_v"][0], 0, 1e-6);
  EXPECT_NEAR(result["path_u"][4], 0, 1e-6);
  // The ends of the path are the ends of the line, and training brought the loss down.
  EXPECT_NEAR(result["path_loss"][0], result["line_loss"].front(), 1e-6);
  EXPECT_NEAR(result["path_loss"][4], result["line_loss"].back(), 1e-6);
  EXPECT_LT(result["path_loss"][4], result["path_loss"][0]);
  // The margin leaves the path inside.
  EXPECT_LT(result["u"].front(), -1);
  EXPECT_GT(result["u"].back(), 0);
  EXPECT_TRUE(std::is_sorted(result["v"].begin(), result["v"].end()));
}

// With side 3 and no margin, the corners and middles of the plane are known points.
TEST(LandscapeProbe, ReadsLossesRowByRow) {
  LandscapeRecipe recipe = Recipe(PlaneForm::kPoints);
  recipe.side = 3;
  recipe.margin = 0;
  const auto found = RunOnCell(LandscapeProbe(recipe), "333333");
  ASSERT_TRUE(found);
  const ProbeResult& result = *found;
  // The row at v = 0 is the line, if the path starts or ends at the lowest or highest v.
  const auto vs = result["v"];
  const auto row = std::find_if(vs.begin(), vs.end(), [](double v) { return std::abs(v) < 1e-6; });
  ASSERT_NE(row, vs.end());
  const std::size_t first = 3 * (row - vs.begin());
  EXPECT_NEAR(result["plane_loss"][first], result["line_loss"][0], 1e-5);
  EXPECT_NEAR(result["plane_loss"][first + 1], result["line_loss"][10], 1e-5);
  EXPECT_NEAR(result["plane_loss"][first + 2], result["line_loss"][20], 1e-5);
}

TEST(LandscapeProbe, KnowsTheMainDirectionsOfThePath) {
  const auto found = RunOnCell(LandscapeProbe(Recipe(PlaneForm::kPath)), "312034");
  ASSERT_TRUE(found);
  EXPECT_LT((*found)["path_u"][0], -0.5);
  EXPECT_NEAR((*found)["path_u"][4], 0, 1e-9);
}

TEST(LandscapeProbe, FailsInWordsWhereNothingIsSeen) {
  const auto found = RunOnCell(LandscapeProbe(Recipe(PlaneForm::kPoints)), "000000");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().kind, FailureKind::kUndefined);
}

}  // namespace
}  // namespace mote
