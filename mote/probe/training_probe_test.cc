#include "mote/probe/training_probe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/probe/two_points.h"

namespace mote {
namespace {

// A network whose loss is the mean square of its parameters, and which each step shrinks by
// (1 - rate / steps so far): what stays of it shows in what order things were done.
class ShrinkingExecutor : public Executor {
 public:
  explicit ShrinkingExecutor(Network network)
      : network_(std::move(network)), values_(network_.parameter_count()) {}

  const Network& network() const override { return network_; }
  void GetParameters(std::span<double> to) const override {
    std::copy(values_.begin(), values_.end(), to.begin());
  }
  void SetParameters(std::span<const double> from) override {
    values_.assign(from.begin(), from.end());
  }
  void Reset(const OptimizerOptions&, const LossOptions&) override { steps_ = 0; }
  EvaluationResult Step(const Batch& batch, double rate) override {
    const EvaluationResult before = Evaluate(batch, Statistics::kBatch);
    ++steps_;
    for (double& value : values_) value *= 1 - rate / steps_;
    return before;
  }
  EvaluationResult Evaluate(const Batch&, Statistics) override {
    double sum = 0;
    for (double value : values_) sum += value * value;
    return {.loss = sum / double(values_.size())};
  }
  double Gradient(const Batch&, std::span<double>) override { return 0; }
  void Logits(const Batch&, Statistics, std::span<double>) override {}

 private:
  Network network_;
  std::vector<double> values_;
  int steps_ = 0;
};

class ShrinkingBackend : public Backend {
 public:
  BackendTraits traits() const override {
    return {.name = "shrinking", .version = "1", .device = "cpu", .isa = "any"};
  }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    if (network.classes() == 7) return "it does not count to seven";
    return std::nullopt;
  }
  std::unique_ptr<Executor> Compile(const Network& network, int) const override {
    return std::make_unique<ShrinkingExecutor>(network);
  }
};

std::shared_ptr<const Dataset> Images(int classes) {
  Dataset::Content content;
  content.kind = content.name = "made";
  content.height = content.width = 2;
  Split& train = content.splits["train"];
  for (int c = 0; c < classes; ++c) content.class_names.push_back("class " + std::to_string(c));
  for (int i = 0; i < 10 * classes; ++i) {
    train.labels.push_back(i % classes);
    for (int k = 0; k < 12; ++k) train.pixels.push_back(std::uint8_t(i + k));
  }
  return std::make_shared<Dataset>(std::move(content));
}

TrainingRecipe Recipe(LineMode line) {
  TrainingRecipe recipe;
  recipe.training.epochs = 3;
  recipe.training.batch_size = 16;
  recipe.training.keep_partial_batch = true;  // 20 images: two steps an epoch
  recipe.training.schedule.peak = 0.5;
  recipe.line = line;
  recipe.line_points = {0, 5, 10};
  return recipe;
}

class TrainingProbeTest : public testing::Test {
 protected:
  Outcome<ProbeResult> Run(const TrainingRecipe& recipe, const char* architecture, int classes = 2,
                           int replicate = 0, std::function<void()> stop = {}) {
    DataCache data(Images(classes));
    const ProbeContext context{.space = space_,
                               .backend = backend_,
                               .data = data,
                               .seed = 7,
                               .replicate = replicate,
                               .check_stop = std::move(stop)};
    return TrainingProbe(recipe).Run(context, space_.Parse(architecture));
  }
  TwoPoints space_;
  ShrinkingBackend backend_;
};

TEST_F(TrainingProbeTest, ReadsLossesBeforeEachStepAndAlongTheLine) {
  const auto result = Run(Recipe(LineMode::kEvaluate), "sees");
  ASSERT_TRUE(result);
  const auto steps = (*result)["step_loss"];
  ASSERT_EQ(steps.size(), 6u);
  // Step t shrinks the loss by (1 - .5/t)^2.
  for (int t = 1; t < 6; ++t) {
    EXPECT_NEAR(steps[t] / steps[t - 1], std::pow(1 - 0.5 / t, 2), 1e-12) << t;
  }
  EXPECT_EQ((*result)["step_images"][0], 16);
  EXPECT_EQ((*result)["step_images"][1], 4);
  EXPECT_NEAR((*result)["epoch_loss"][0], (16 * steps[0] + 4 * steps[1]) / 20, 1e-12);
  double shrink = 1;
  for (int t = 1; t <= 6; ++t) shrink *= 1 - 0.5 / t;
  const auto line = (*result)["line_loss"];
  ASSERT_EQ(line.size(), 3u);
  EXPECT_NEAR(line[0], steps[0], 1e-12);
  EXPECT_NEAR(line[1], steps[0] * std::pow((1 + shrink) / 2, 2), 1e-12);
  EXPECT_NEAR(line[2], steps[0] * shrink * shrink, 1e-12);
}

TEST_F(TrainingProbeTest, TrainsAlongTheLineWithTheStaleOptimiser) {
  const auto result = Run(Recipe(LineMode::kTrainEpoch), "sees");
  ASSERT_TRUE(result);
  const double first = (*result)["step_loss"][0];
  double shrink = 1;
  for (int t = 1; t <= 6; ++t) shrink *= 1 - 0.5 / t;
  // The steps 7 and 8 are taken from the first point, 9 and 10 from the second: never reset.
  const auto epoch_mean = [](double start, int step) {
    return start * (16 + 4 * std::pow(1 - 0.5 / step, 2)) / 20;
  };
  const auto line = (*result)["line_loss"];
  EXPECT_NEAR(line[0], epoch_mean(first, 7), 1e-12);
  EXPECT_NEAR(line[1], epoch_mean(first * std::pow((1 + shrink) / 2, 2), 9), 1e-12);
  EXPECT_NEAR(line[2], epoch_mean(first * shrink * shrink, 11), 1e-12);
}

TEST_F(TrainingProbeTest, DoesNotTrainWhatCannotLearn) {
  const auto result = Run(Recipe(LineMode::kEvaluate), "blind");
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["learnable"][0], 0);
  EXPECT_EQ((*result)["epoch_loss"].size(), 3u);
  for (double loss : (*result)["line_loss"]) EXPECT_DOUBLE_EQ(loss, std::log(2.0));
}

TEST_F(TrainingProbeTest, FailsWhereNoBackendHelps) {
  const auto result = Run(Recipe(LineMode::kEvaluate), "sees", 7);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kUnsupported);
}

TEST_F(TrainingProbeTest, FailsWhenTheLossIsNoNumber) {
  TrainingRecipe recipe = Recipe(LineMode::kEvaluate);
  recipe.training.schedule.peak = 1e200;
  const auto result = Run(recipe, "sees");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kDiverged);
}

TEST_F(TrainingProbeTest, DependsOnSeedsAlone) {
  const TrainingRecipe recipe = Recipe(LineMode::kEvaluate);
  EXPECT_EQ(Run(recipe, "sees"), Run(recipe, "sees"));
  EXPECT_NE(Run(recipe, "sees"), Run(recipe, "sees", 2, 1));
}

TEST_F(TrainingProbeTest, StopsBetweenEpochs) {
  int asked = 0;
  EXPECT_THROW(Run(Recipe(LineMode::kEvaluate), "sees", 2, 0,
                   [&] {
                     if (++asked == 2) throw std::runtime_error("stop");
                   }),
               std::runtime_error);
  EXPECT_EQ(asked, 2);
}

TEST(ProbeKey, ChangesWithEverythingTheResultDependsOn) {
  const auto images = Images(2);
  const Hash128 cell = HashOf("cell");
  const BackendTraits numerics{.name = "a", .version = "1", .device = "cpu", .isa = "any"};
  const TrainingProbe probe(Recipe(LineMode::kEvaluate));
  const Hash128 key = ProbeKey(probe, cell, *images, 1, 0, numerics);
  EXPECT_EQ(key, ProbeKey(probe, cell, *images, 1, 0, numerics));
  EXPECT_NE(key, ProbeKey(probe, HashOf("other"), *images, 1, 0, numerics));
  EXPECT_NE(key, ProbeKey(probe, cell, *Images(3), 1, 0, numerics));
  EXPECT_NE(key, ProbeKey(probe, cell, *images, 2, 0, numerics));
  EXPECT_NE(key, ProbeKey(probe, cell, *images, 1, 1, numerics));
  BackendTraits newer = numerics;
  newer.version = "2";
  EXPECT_NE(key, ProbeKey(probe, cell, *images, 1, 0, newer));
  TrainingRecipe longer = Recipe(LineMode::kEvaluate);
  longer.training.epochs = 4;
  EXPECT_NE(key, ProbeKey(TrainingProbe(longer), cell, *images, 1, 0, numerics));
}

TEST(ProbeKey, OfNoiseIgnoresTheUsersImages) {
  TrainingRecipe recipe = Recipe(LineMode::kEvaluate);
  recipe.data.source = "noise";
  const TrainingProbe probe(recipe);
  EXPECT_EQ(ProbeKey(probe, HashOf("cell"), *Images(2), 1, 0, {}),
            ProbeKey(probe, HashOf("cell"), *Images(3), 1, 0, {}));
}

}  // namespace
}  // namespace mote
