#include "mote/probe/az_probe.h"

#include <gmock/gmock.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

using testing::Each;
using testing::SizeIs;

constexpr double kRoot3 = 1.7320508075688772;

// The images, and a convolution of 1x1 for a cell.
AzProbe ProbeOfOneCell(int channels) {
  InitialRecipe recipe;
  recipe.skeleton = RowSkeleton(1, channels);
  recipe.skeleton.stem = false;
  return AzProbe(recipe);
}

Outcome<ProbeResult> MeasureOneCell(int channels, std::vector<double> kernel,
                                    std::vector<double> images) {
  NetworkBuilder b({channels, 2, 2});
  b.Linear("head.linear", b.GlobalAvgPool("head.pool", b.Conv("cell0.conv", 0, channels, 1, 1, 0)),
           1);
  const Network network = b.Finish();
  const std::size_t count = images.size() / (4 * channels);
  kernel.resize(network.parameter_count());
  const std::vector<InitialBatch> batches = {
      {.images = std::move(images), .labels = std::vector<int>(count), .height = 2, .width = 2}};
  return MeasureBy(ProbeOfOneCell(channels), network, kernel, batches);
}

TEST(AzProbe, ReadsEntropiesByHand) {
  // Variances 3 and 1, which the cell makes 1 and 1.
  const auto result =
      MeasureOneCell(2, {1 / kRoot3, 0, 0, 1}, {kRoot3, 1, kRoot3, -1, -kRoot3, 1, -kRoot3, -1});
  ASSERT_TRUE(result);
  ASSERT_THAT((*result)["entropy"], SizeIs(2));
  EXPECT_NEAR((*result)["entropy"][0], 0.562335, 1e-6);
  EXPECT_NEAR((*result)["entropy"][1], std::log(2.0), 1e-6);
}

TEST(AzProbe, ReadsTrainabilityByHand) {
  const auto term = [](double weight) {
    const auto result = MeasureOneCell(1, {weight}, RandomNumbers(5 * 4, "images"));
    EXPECT_TRUE(result);
    EXPECT_THAT((*result)["trainability"], SizeIs(1));
    return (*result)["trainability"][0];
  };
  // A weight hands back weight times what it was given.
  EXPECT_NEAR(term(2), -0.5, 1e-6);
  EXPECT_NEAR(term(0.5), -0.499996, 1e-6);
  EXPECT_NEAR(term(-1), 1e-6, 1e-8);
  EXPECT_EQ(term(1), -INFINITY) << "an identity";
  EXPECT_NEAR(term(0), 2 - 1e6, 1e-3);
}

TEST(AzProbe, StatesWhatFeaturesThatDoNotVaryHave) {
  const auto result = MeasureOneCell(1, {2}, std::vector<double>(4, 7.0));
  ASSERT_TRUE(result);
  EXPECT_THAT((*result)["entropy"], Each(-INFINITY));
  EXPECT_NEAR((*result)["trainability"][0], -0.5, 1e-6);
}

// Pixels under one of the result count as channels: (1/4, 1/4, 1/4, 1/4), whose norm is 1/2.
TEST(AzProbe, SeesPoolingAsPartOfTheCellBehindIt) {
  InitialRecipe recipe;
  recipe.skeleton = TwoScaleSkeleton(1, 1);
  recipe.skeleton.stem = false;
  NetworkBuilder b({1, 4, 4});
  const int cell = b.Conv("cell0.conv", 0, 1, 1, 1, 0);
  b.Linear("head.linear", b.GlobalAvgPool("head.pool", b.AvgPool("pool1", cell, 2, 2, 0)), 1);
  const std::vector<InitialBatch> batches = {
      {.images = RandomNumbers(3 * 16, "images"), .labels = {0, 0, 0}, .height = 4, .width = 4}};
  const auto result = MeasureBy(AzProbe(recipe), b.Finish(), {2, 0, 0}, batches);
  ASSERT_TRUE(result);
  ASSERT_THAT((*result)["trainability"], SizeIs(2));
  EXPECT_NEAR((*result)["trainability"][0], -0.5, 1e-6);
  EXPECT_NEAR((*result)["trainability"][1], -0.499996, 1e-6);
}

TEST(AzProbe, OfCells) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.source = ImageSource::kGaussian;
  recipe.initializer = Initializer::kKaimingNormalFanIn;
  recipe.skeleton.stages.push_back(
      {.cells = 1, .channels = 6, .before = Reduction::kResidualBlock});
  const AzProbe probe(recipe);
  const auto convs = RunOnCell(probe, "333333");
  ASSERT_TRUE(convs);
  ASSERT_THAT((*convs)["entropy"], SizeIs(5));
  ASSERT_THAT((*convs)["trainability"], SizeIs(4));
  for (int i = 0; i < 5; ++i) {
    const double entropy = (*convs)["entropy"][i];
    EXPECT_TRUE(entropy > 0 && entropy <= std::log(i < 3 ? 4 : 6)) << i << " " << entropy;
  }
  for (const double term : (*convs)["trainability"]) {
    EXPECT_TRUE(std::isfinite(term) && term < 1e-5) << term;
  }
  // Cells that change nothing, but for the block between.
  const auto skips = RunOnCell(probe, "000100");
  ASSERT_TRUE(skips);
  EXPECT_EQ((*skips)["entropy"][0], (*skips)["entropy"][1]);
  EXPECT_EQ((*skips)["trainability"][0], -INFINITY);
  EXPECT_TRUE(std::isfinite((*skips)["trainability"][2]));
  // Cells that let nothing through.
  const auto nothing = RunOnCell(probe, "000000");
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(std::isfinite((*nothing)["entropy"][0]));
  EXPECT_EQ((*nothing)["entropy"][1], -INFINITY);
  EXPECT_NEAR((*nothing)["trainability"][0], 2 - 1e6, 1e-3);
}

}  // namespace
}  // namespace mote
