#include "mote/run/reduction_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;

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

TEST(Only, KeepsWhatIsNamedAndTheUnchangedRecipe) {
  const auto names = [](const std::vector<std::string>& wanted) {
    std::vector<std::string> kept;
    for (const RecipeVariant& variant : Only(ReductionVariants(Base()), wanted)) {
      kept.push_back(variant.name);
    }
    return kept;
  };
  EXPECT_EQ(names({}).size(), ReductionVariants(Base()).size());
  EXPECT_THAT(names({"epochs 40", "side"}),
              ElementsAre("as it is", "side 2", "side 8", "epochs 40"));
  try {
    names({"colour"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("'colour'"), HasSubstr("replicates 4")));
  }
}

// A recipe whose trainings all fail ranks nothing; the study goes on.
TEST(ContendersOf, HaveNoValuesWhereAllFail) {
  const std::vector<LiveEdges> live(3);
  const std::vector<Outcome<ProbeResult>> failed(3, Failure{FailureKind::kDiverged, "no"});
  const std::vector<std::vector<std::vector<Outcome<ProbeResult>>>> results = {{failed}};
  for (const Contender& contender : ContendersOf(results, live)) {
    EXPECT_THAT(contender.scores[0], Each(Eq(std::nullopt))) << contender.name;
    const std::vector<std::vector<double>> truths = {{1, 2, 3}};
    EXPECT_EQ(MeanTau(contender.scores, truths, std::vector{0, 1, 2}), std::nullopt);
  }
}

TEST(MeanTau, IsOfTheMembersOverTargetsAndSeeds) {
  // Members 0, 2 and 3: the second seed and the second target have 2 and 3 the other way round, so
  // that each seed agrees with one target in three pairs of three, with the other in two (1/3).
  const SeedScores scores = {{1, 9, 2, 3}, {1, 9, 3, 2}};
  const std::vector<std::vector<double>> truths = {{10, 0, 20, 30}, {10, 0, 30, 20}};
  EXPECT_NEAR(*MeanTau(scores, truths, std::vector{0, 2, 3}), (1 + 1.0 / 3 + 1.0 / 3 + 1) / 4,
              1e-12);
  EXPECT_EQ(MeanTau(scores, truths, std::vector{2}), std::nullopt);
}

// The best of the half to report on is not looked at.
TEST(ChooseRecipe, LooksAtOneHalfOnly) {
  std::vector<RecipeRank> ranks = {
      {.name = "as it is", .core_seconds = 0.1, .choose = 0.5, .report = 0.6},
      {.name = "failed", .core_seconds = 0.1, .choose = {}, .report = {}},
      {.name = "first", .core_seconds = 0.25, .choose = 0.7, .report = 0.65},
      {.name = "equal", .core_seconds = 0.3, .choose = 0.7, .report = 0.9}};
  EXPECT_EQ(ChooseRecipe(ranks), 2u);
  EXPECT_EQ(ReductionFinding(ranks),
            "On one half of the classes 'first' ranks best, with a mean tau of 0.700; on the other "
            "half it has 0.650, the unchanged recipe 0.600. It costs 0.250 core seconds a cell, "
            "the unchanged one 0.100.\n");
  ranks.resize(2);
  EXPECT_EQ(ReductionFinding(ranks),
            "On one half of the classes 'as it is' ranks best, with a mean tau of 0.500; on the "
            "other half it has 0.600. It costs 0.100 core seconds a cell.\n");
  ranks.erase(ranks.begin());
  EXPECT_EQ(ChooseRecipe(ranks), std::nullopt);
  EXPECT_THAT(ReductionFinding(ranks), HasSubstr("No recipe ranks"));
}

}  // namespace
}  // namespace mote
