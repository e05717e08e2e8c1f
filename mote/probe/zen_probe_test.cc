#include "mote/probe/zen_probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

InitialBatch Numbers(std::vector<double> images) {
  const std::size_t count = images.size();
  return {.images = std::move(images), .labels = std::vector<int>(count), .height = 1, .width = 1};
}

// w x, normalised if asked for.
Network Scale(bool normalised) {
  NetworkBuilder b({1, 1, 1});
  int at = b.Conv("conv", 0, 1, 1, 1, 0);
  if (normalised) at = b.BatchNorm("norm", at, 1e-5, 0.1);
  b.Linear("head", b.GlobalAvgPool("gap", at), 1);
  return b.Finish();
}

TEST(ZenProbe, ByHand) {
  // w = 2, e = 0.5: features move by 0.01.
  const std::vector<InitialBatch> batches = {Numbers({1, 3, -2}), Numbers({0.5, -0.5, 0.5})};
  const auto result = MeasureBy(ZenProbe(TinyRecipe()), Scale(false), {2, /*head*/ 9, 9}, batches);
  ASSERT_TRUE(result);
  EXPECT_NEAR((*result)["difference"][0], -4.605170, 1e-6);
  EXPECT_TRUE((*result)["norm_scale"].empty());
}

TEST(ZenProbe, FeedsBothPassesIntoTheScale) {
  const std::vector<InitialBatch> batches = {Numbers({1, -1}), Numbers({10, -10})};
  const auto result = MeasureBy(ZenProbe(TinyRecipe()), Scale(true),
                                {2, /*gamma, beta*/ 1, 0, /*head*/ 9, 9}, batches);
  ASSERT_TRUE(result);
  // Unbiased variances of (2, -2) and (2.2, -2.2).
  const double running = 0.9 * (0.9 + 0.1 * 8) + 0.1 * 9.68;
  EXPECT_NEAR((*result)["norm_scale"][0], 0.5 * std::log(running), 1e-12);
  // Normalised to +-1 both times, but for epsilon.
  EXPECT_LT((*result)["difference"][0], std::log(1e-5));
}

TEST(ZenProbe, DoesNotSeeTheHead) {
  const std::vector<InitialBatch> batches = {Numbers({1, -1}), Numbers({1, 2})};
  const auto one = MeasureBy(ZenProbe(TinyRecipe()), Scale(false), {2, 9, 9}, batches);
  const auto other = MeasureBy(ZenProbe(TinyRecipe()), Scale(false), {2, -1, 0}, batches);
  EXPECT_EQ(one, other);
  // Twice the weight is ln 2 more.
  const auto twice = MeasureBy(ZenProbe(TinyRecipe()), Scale(false), {4, 9, 9}, batches);
  EXPECT_NEAR((*twice)["difference"][0] - (*one)["difference"][0], std::log(2), 1e-12);
}

TEST(ZenProbe, OfCells) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.source = ImageSource::kGaussian;
  recipe.batch.batches = 2;
  recipe.initializer = Initializer::kStandardNormal;
  recipe.repeats = 2;
  const auto convs = RunOnCell(ZenProbe(recipe), "333333");
  ASSERT_TRUE(convs);
  EXPECT_EQ((*convs)["difference"].size(), 2u);
  // Stem and two cells of six convolutions.
  EXPECT_EQ((*convs)["norm_scale"].size(), 2u * 13);
  for (const double scale : (*convs)["norm_scale"]) EXPECT_TRUE(std::isfinite(scale));
  const auto nothing = RunOnCell(ZenProbe(recipe), "000000");
  ASSERT_TRUE(nothing);
  EXPECT_EQ((*nothing)["difference"][0], -INFINITY);
}

}  // namespace
}  // namespace mote
