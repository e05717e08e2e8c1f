#include "mote/probe/kernel_probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

double Sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(KernelProbe, GivesTheSpectrumOfEachRepeat) {
  InitialRecipe recipe = TinyRecipe();
  recipe.repeats = 2;
  for (const NormMode norm : {NormMode::kBatch, NormMode::kFrozen}) {
    const auto result = RunOnCell(KernelProbe(recipe, norm), "312034");
    ASSERT_TRUE(result);
    const auto eigenvalues = (*result)["eigenvalues"];
    ASSERT_EQ(eigenvalues.size(), 12u);
    EXPECT_NE(eigenvalues[5], eigenvalues[11]);  // other weights
    for (int r = 0; r < 2; ++r) {
      const auto own = eigenvalues.subspan(6 * r, 6);
      EXPECT_TRUE(std::ranges::is_sorted(own));
      EXPECT_GT(own.front(), 0);
      EXPECT_NEAR(Sum(own), (*result)["trace"][r], 1e-9 * own.back());
      // The mean is the quotient of Rayleigh of a constant vector, over n.
      EXPECT_LE((*result)["mean"][r], own.back() / 6 * (1 + 1e-12));
      EXPECT_GE((*result)["mean"][r], own.front() / 6 * (1 - 1e-12));
      EXPECT_LE(std::abs((*result)["alignment"][r]), 1);
      EXPECT_EQ((*result)["images"][r], 6);
    }
  }
}

TEST(KernelProbe, MeasuresInSinglePrecisionAlmostAsInDouble) {
  InitialRecipe recipe = TinyRecipe();
  recipe.skeleton.head_norm_relu = true;
  const auto single = RunOnCell(KernelProbe(recipe, NormMode::kBatch), "333333");
  recipe.precision = Precision::kDouble;
  const auto twice = RunOnCell(KernelProbe(recipe, NormMode::kBatch), "333333");
  ASSERT_TRUE(single && twice);
  for (int k = 0; k < 6; ++k) {
    const double exact = (*twice)["eigenvalues"][k];
    EXPECT_GT(exact, 0);
    EXPECT_NEAR((*single)["eigenvalues"][k], exact, 1e-3 * exact) << k;
  }
}

// Where nothing but a mean follows the last normalisation, gradients add up to zero. In double
// precision that is seen.
TEST(KernelProbe, SeesThatAFixedSumOfLogitsHasNoGradient) {
  InitialRecipe recipe = TinyRecipe();
  recipe.precision = Precision::kDouble;
  for (const char* cell : {"333333", "111111", "000300"}) {
    const auto batch = RunOnCell(KernelProbe(recipe, NormMode::kBatch), cell);
    ASSERT_TRUE(batch);
    EXPECT_EQ((*batch)["eigenvalues"][0], 0) << cell;
    EXPECT_GT((*batch)["eigenvalues"][1], 0) << cell;
    const auto frozen = RunOnCell(KernelProbe(recipe, NormMode::kFrozen), cell);
    ASSERT_TRUE(frozen);
    EXPECT_GT((*frozen)["eigenvalues"][0], 0) << cell;
  }
}

TEST(KernelProbe, HasAStatedSpectrumWhereNothingIsSeen) {
  for (const NormMode norm : {NormMode::kBatch, NormMode::kFrozen}) {
    const auto result = RunOnCell(KernelProbe(TinyRecipe(), norm), "000000");
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)["eigenvalues"][0], 0);
    EXPECT_EQ((*result)["alignment"][0], 0);
  }
}

TEST(KernelProbe, TakesNoMoreImagesThanThereAre) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.images = 72;
  const auto result = RunOnCell(KernelProbe(recipe, NormMode::kFrozen), "030000");
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["images"][0], 30);
  EXPECT_EQ((*result)["eigenvalues"].size(), 30u);
}

TEST(KernelProbe, HasNoValueForWeightsThatOverflow) {
  const Network network = TwoWeights();
  const std::vector<InitialBatch> batches = {
      {.images = {1, 2}, .labels = {0, 0}, .height = 1, .width = 1}};
  const auto result =
      MeasureBy(KernelProbe(TinyRecipe(), NormMode::kFrozen), network, {1e300, 1e300, 0}, batches);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kDiverged);
}

TEST(KernelProbe, TellsItsFormsApartAndForecastsThem) {
  const KernelProbe batch(TinyRecipe(), NormMode::kBatch);
  const KernelProbe frozen(TinyRecipe(), NormMode::kFrozen);
  EXPECT_NE(batch.ToJson(), frozen.ToJson());
  const auto space = MakeNasBench201();
  const auto images = SmallImages();
  const auto macs = [&](const Probe& probe) {
    return probe.ForecastMacs(*space, space->Parse("312034"), *images);
  };
  EXPECT_NEAR(macs(batch) / macs(frozen), 13.0 / 3, 1e-12);
}

}  // namespace
}  // namespace mote
