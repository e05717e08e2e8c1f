#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"
#include "mote/reading/cross_entropy.h"
#include "mote/reading/gram.h"
#include "mote/reading/kernel.h"

namespace mote {

MOTE_ESTIMATOR(knas);

namespace {

// The published formula, image by image, through the statistics of the batch.
class MeanGram : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;
  std::string name() const override { return "mean_gram"; }

 protected:
  double ForwardPasses(const Network&) const override { return 1; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override {
    const int n = subject.batches.front().count();
    subject.Forward(0, NormMode::kBatch);
    // Of the mean loss: n times an image's part of it is the slope of its own loss.
    const auto mean_slopes =
        CrossEntropySlopes(subject.tape.Value(subject.logits()), subject.batches.front().labels);
    const std::size_t classes = mean_slopes.size() / n;
    std::vector<double> gradients;
    for (int i = 0; i < n; ++i) {
      std::vector<double> slopes(mean_slopes.size());
      for (std::size_t k = i * classes; k < (i + 1) * classes; ++k) slopes[k] = n * mean_slopes[k];
      subject.tape.Backward(subject.logits(), slopes);
      const auto own = subject.tape.ParameterSlopes();
      gradients.insert(gradients.end(), own.begin(), own.end());
    }
    return ProbeResult({{"mean", {*MeanOfKernel(GramOfRows(gradients, n), n)}}});
  }
};

TEST(Knas, IsTheMeanOfTheGramMatrixOfSingleGradients) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.augment = true;
  recipe.precision = Precision::kDouble;
  for (const char* cell : {"312034", "111111", "000000"}) {
    const auto expected = RunOnCell(MeanGram(recipe), cell);
    const auto value = EstimateCell(RegisterEstimator_knas, "knas", cell, {{"images", "6"}});
    ASSERT_TRUE(expected && value);
    EXPECT_NEAR(*value / (*expected)["mean"][0], 1, 1e-4) << cell;
  }
}

TEST(Knas, ReadsTheBenchmarksNetwork) {
  const auto estimator = MakeEstimator(RegisterEstimator_knas, "knas");
  const auto options = OptionsOfProbe(*estimator);
  EXPECT_EQ(options["skeleton"], BenchmarkSkeleton().ToJson());
  EXPECT_EQ(options["batch"]["images"], 50);
  EXPECT_DOUBLE_EQ(*ReadMade(*estimator, {{"gradient_square", {1.25}}, {"repeats", {1}}}), 1.25);
  const auto bad = ReadMade(*estimator, {{"gradient_square", {INFINITY}}, {"repeats", {1}}});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
