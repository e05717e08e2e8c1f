#include "mote/probe/drift_probe.h"

#include <gtest/gtest.h>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

DriftRecipe Recipe() {
  DriftRecipe recipe;
  recipe.training.skeleton = RowSkeleton(2, 4);
  recipe.training.data.images = 30;
  recipe.training.training.batch_size = 10;
  recipe.training.training.schedule.peak = 0.01;
  recipe.training.line_points = {0, 5, 10};
  recipe.training.line_batch_size = 30;
  recipe.checkpoints = {0, 1, 3};
  recipe.kernel_images = 6;
  return recipe;
}

TEST(DriftProbe, ReadsAllCheckpointsOfOneTraining) {
  const auto found = RunOnCell(DriftProbe(Recipe()), "312034");
  ASSERT_TRUE(found);
  const ProbeResult& result = *found;
  for (const char* series : {"condition", "smallest_eigenvalue", "kernel_mean", "alignment"}) {
    EXPECT_EQ(result[series].size(), 3u) << series;
  }
  ASSERT_EQ(result["line_loss"].size(), 9u);
  ASSERT_EQ(result["epoch_loss"].size(), 3u);
  // Before training the line is a point.
  EXPECT_EQ(result["line_loss"][0], result["line_loss"][1]);
  EXPECT_EQ(result["line_loss"][0], result["line_loss"][2]);
  // All lines start there.
  EXPECT_EQ(result["line_loss"][3], result["line_loss"][0]);
  EXPECT_EQ(result["line_loss"][6], result["line_loss"][0]);
  EXPECT_LT(result["line_loss"][8], result["line_loss"][0]);
  // The kernel moves.
  EXPECT_NE(result["condition"][0], result["condition"][1]);
  EXPECT_GE(result["condition"][0], 1);
}

// Reading leaves no trace: the training is that of TrainingProbe, and the last line its line.
TEST(DriftProbe, TrainsAsIfNothingWereRead) {
  const DriftRecipe recipe = Recipe();
  TrainingRecipe training = recipe.training;
  training.training.epochs = 3;
  training.line = LineMode::kEvaluate;
  const auto drift = RunOnCell(DriftProbe(recipe), "312034");
  const auto plain = RunOnCell(TrainingProbe(training), "312034");
  ASSERT_TRUE(drift && plain);
  for (int e = 0; e < 3; ++e) {
    EXPECT_EQ((*drift)["epoch_loss"][e], (*plain)["epoch_loss"][e]) << e;
    EXPECT_EQ((*drift)["line_loss"][6 + e], (*plain)["line_loss"][e]) << e;
  }
}

TEST(DriftProbe, FrozenStatisticsGiveAnotherKernel) {
  DriftRecipe recipe = Recipe();
  const auto frozen = RunOnCell(DriftProbe(recipe), "312034");
  recipe.norm = NormMode::kBatch;
  const auto batch = RunOnCell(DriftProbe(recipe), "312034");
  ASSERT_TRUE(batch && frozen);
  EXPECT_NE((*batch)["kernel_mean"][0], (*frozen)["kernel_mean"][0]);
  EXPECT_EQ((*batch)["epoch_loss"][2], (*frozen)["epoch_loss"][2]);
}

TEST(DriftProbe, FailsInWordsWhereNothingIsSeen) {
  const auto found = RunOnCell(DriftProbe(Recipe()), "000000");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().kind, FailureKind::kUndefined);
}

}  // namespace
}  // namespace mote
