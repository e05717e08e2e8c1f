#include "mote/run/reduction_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace mote {
namespace {

using ::testing::ElementsAre;

TrainingRecipe Base() {
  TrainingRecipe recipe;
  recipe.skeleton = RowSkeleton(5, 8);
  recipe.data = {.image_size = 4, .images = 512};
  recipe.training.epochs = 20;
  recipe.training.schedule.peak = 5e-3;
  return recipe;
}

TEST(ReductionVariants, ChangeOneThingEachAndNoneTwice) {
  const auto variants = ReductionVariants(Base());
  EXPECT_EQ(variants[0].recipe.ToJson(), Base().ToJson());
  std::set<std::string> recipes;
  for (const RecipeVariant& variant : variants) {
    EXPECT_TRUE(
        recipes.insert(variant.recipe.ToJson().dump() + std::to_string(variant.replicates)).second)
        << variant.name;
    if (variant.replicates > 1) {
      EXPECT_EQ(variant.recipe.ToJson(), Base().ToJson());
    }
  }
  EXPECT_THAT(ReductionFactors(variants),
              ElementsAre("channels", "cells", "side", "images", "epochs", "rate", "batch", "data",
                          "replicates"));
}

// What is the base's own already is no variant.
TEST(ReductionVariants, LeaveOutWhatChangesNothing) {
  TrainingRecipe base = Base();
  const std::size_t all = ReductionVariants(base).size();
  base.training.epochs = 40;
  EXPECT_EQ(ReductionVariants(base).size(), all - 1);
}

ProbeResult Training(double losses, double learnable = 1) {
  ProbeResult result;
  result.Set("epoch_loss", {2 * losses, losses});
  result.Set("line_loss", {losses, losses / 2});
  result.Set("learnable", {learnable});
  return result;
}

TEST(ContendersOf, ByHand) {
  const std::vector<LiveEdges> live(4, LiveEdges{.conv_3x3 = 1});  // 7.472 s
  // Two replicates of one seed: cells of losses 1, 2 and 4, and one that sees nothing.
  std::vector<Outcome<ProbeResult>> first, second;
  for (double loss : {1.0, 2.0, 4.0}) {
    first.push_back(Training(loss));
    second.push_back(Training(2 * loss));
  }
  first.push_back(Training(1, /*learnable=*/0));
  second.push_back(Training(1, /*learnable=*/0));
  const std::vector<std::vector<std::vector<Outcome<ProbeResult>>>> results = {{first, second}};
  const auto contenders = ContendersOf(results, live);
  ASSERT_EQ(contenders.size(), 4u);
  EXPECT_EQ(contenders[0].name, "MOTE");
  // Means of 1/l + 2/l, of T / (1.5 l), of -3 l.
  EXPECT_NEAR(*contenders[1].scores[0][0], (3 + 1.5) / 2, 1e-12);
  EXPECT_NEAR(*contenders[2].scores[0][0], 7.472 / 1.5 * 0.75, 1e-9);
  EXPECT_NEAR(*contenders[3].scores[0][1], -9, 1e-12);
  for (const Contender& contender : contenders) {
    EXPECT_GT(*contender.scores[0][0], *contender.scores[0][1]) << contender.name;
    EXPECT_GT(*contender.scores[0][1], *contender.scores[0][2]) << contender.name;
    EXPECT_FALSE(contender.scores[0][3]) << contender.name;
  }
}

TEST(SplitByClass, KeepsClassesTogetherAndNeedsBothHalves) {
  std::vector<Hash128> classes;
  for (int a = 0; a < 200; ++a) classes.push_back(HashOf(std::to_string(a / 2)));
  const Halves halves = SplitByClass(classes, 1);
  EXPECT_EQ(halves.choose.size() + halves.report.size(), 200u);
  EXPECT_GT(halves.choose.size(), 60u);
  EXPECT_GT(halves.report.size(), 60u);
  const std::set<int> chosen(halves.choose.begin(), halves.choose.end());
  for (int a = 0; a < 200; a += 2) EXPECT_EQ(chosen.contains(a), chosen.contains(a + 1)) << a;
  EXPECT_NE(SplitByClass(classes, 2).choose, halves.choose);
}

}  // namespace
}  // namespace mote
