#include "mote/probe/meco_probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

// Copies the image, and normalises it.
Network Copies() {
  NetworkBuilder b({2, 2, 2});
  const int norm = b.BatchNorm("norm", b.Conv("conv", 0, 2, 1, 1, 0), 1e-5, 0.1);
  b.Linear("head", b.GlobalAvgPool("gap", norm), 2);
  return b.Finish();
}

// Channels (1, 1, -1, -1) and (1 + a, 1 - a, -1 + a, -1 - a) with a^2 = 3: their correlation is
// 1/2.
InitialBatch HalfCorrelated() {
  const double a = std::sqrt(3.0);
  return {.images = {1, 1 + a, 1, 1 - a, -1, -1 + a, -1, -1 - a},
          .labels = {0},
          .height = 2,
          .width = 2};
}

std::vector<double> Measured(int channels, const InitialBatch& image,
                             const std::vector<double>& conv = {1, 0, 0, 1}) {
  std::vector<double> parameters = conv;
  parameters.insert(parameters.end(), {/*gamma*/ 1, 1, /*beta*/ 0, 5, /*head*/ 0, 0, 0, 0, 0, 0});
  const auto result = MeasureBy(MecoProbe(TinyRecipe(), channels), Copies(), parameters, {image});
  EXPECT_TRUE(result);
  const auto values = (*result)["smallest_eigenvalue"];
  return {values.begin(), values.end()};
}

TEST(MecoProbe, ByHand) {
  const auto values = Measured(0, HalfCorrelated());
  ASSERT_EQ(values.size(), 2u) << "convolution and normalisation, not images, pooling and head";
  // Normalising changes no correlation.
  EXPECT_NEAR(values[0], 0.5, 1e-12);
  EXPECT_NEAR(values[1], 0.5, 1e-12);
  // One channel twice, and a constant one.
  EXPECT_EQ(Measured(0, HalfCorrelated(), {1, 0, 1, 0})[0], 0);
  EXPECT_EQ(Measured(0, HalfCorrelated(), {1, 0, 0, 0})[0], 0);
}

TEST(MecoProbe, OfAFewChannelsIsScaledUp) {
  // One channel alone has eigenvalue 1, and there are two.
  EXPECT_EQ(Measured(1, HalfCorrelated())[0], 2);
  EXPECT_EQ(Measured(2, HalfCorrelated()), Measured(0, HalfCorrelated()));
  EXPECT_EQ(Measured(8, HalfCorrelated()), Measured(0, HalfCorrelated()));
}

TEST(MecoProbe, TakesMapsOfMoreThanOnePosition) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.images = 1;
  const auto maps = [&](const char* cell) {
    const auto result = RunOnCell(MecoProbe(recipe, 0), cell);
    EXPECT_TRUE(result);
    for (const double value : (*result)["smallest_eigenvalue"]) {
      EXPECT_TRUE(value >= 0 && value <= 1) << cell << " " << value;
    }
    return (*result)["smallest_eigenvalue"].size();
  };
  EXPECT_EQ(maps("000000"), 2u) << "stem alone";
  EXPECT_EQ(maps("000100"), 2u);
  EXPECT_EQ(maps("000300"), 2u + 2 * 3);
  EXPECT_EQ(maps("000400"), 2u + 2 * 1);
  EXPECT_EQ(maps("333333"), 2u + 2 * (6 * 3 + 2));
  // Images of 4x4 pixels end as one position.
  recipe.skeleton.stages.push_back({.cells = 1, .channels = 4, .before = Reduction::kAvgPool});
  recipe.skeleton.stages.back().pool = 4;
  EXPECT_EQ(maps("000300"), 2u + 2 * 3);
}

}  // namespace
}  // namespace mote
