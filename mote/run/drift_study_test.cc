#include "mote/run/drift_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kCells = 12;

DriftRecipe Recipe() {
  DriftRecipe recipe;
  recipe.checkpoints = {0, 1, 2};
  recipe.training.line_points = {5, 10};
  recipe.training.training.epochs = 2;
  return recipe;
}

// Cell a has truth a. Its kernel ranks rightly before training, and the wrong way round after it;
// its losses fall with a.
ProbeResult Drift(int a) {
  const double good = a + 1, bad = kCells - a;
  ProbeResult result;
  result.Set("condition", {bad, bad, good});
  result.Set("smallest_eigenvalue", {1, 1, 1});
  result.Set("kernel_mean", {good, bad, good});
  result.Set("alignment", {bad, bad, good});
  result.Set("epoch_loss", {1 + bad / 10, bad / 10});
  // Before training the line is a point; then it is the better the lower its losses.
  result.Set("line_loss", {2, 2, bad, bad, good, good});
  return result;
}

std::vector<DriftCurve> Curves(int seeds = 1) {
  std::vector<std::vector<Outcome<ProbeResult>>> results(seeds);
  std::vector<double> truths;
  for (auto& of_seed : results) {
    for (int a = 0; a < kCells; ++a) of_seed.push_back(Drift(a));
  }
  for (int a = 0; a < kCells; ++a) truths.push_back(a);
  const std::vector<LiveEdges> live(kCells, LiveEdges{.conv_3x3 = 2});
  return DriftCurves(Recipe(), results, live, truths, Key(1, "bootstrap"));
}

TEST(DriftCurves, ByHand) {
  const auto curves = Curves();
  ASSERT_EQ(curves.size(), 8u);
  EXPECT_EQ(curves[0].measure, "NTK condition");
  EXPECT_THAT(curves[0].epochs, ElementsAre(0, 1, 2));
  EXPECT_THAT(curves[0].tau, ElementsAre(1, 1, -1));
  EXPECT_THAT(curves[1].tau, ElementsAre(0, 0, 0));  // equal values rank nothing
  EXPECT_THAT(curves[2].tau, ElementsAre(1, -1, 1));
  EXPECT_THAT(curves[3].tau, ElementsAre(-1, -1, 1));
  EXPECT_EQ(curves[4].measure, "TSE");
  EXPECT_THAT(curves[4].epochs, ElementsAre(1, 2));
  EXPECT_THAT(curves[4].tau, ElementsAre(1, 1));
  EXPECT_EQ(curves[5].measure, "landscape");
  EXPECT_THAT(curves[5].tau, ElementsAre(1, -1));
  EXPECT_EQ(curves[6].measure, "speed");
  EXPECT_THAT(curves[6].tau, ElementsAre(1, 1));
  EXPECT_EQ(curves[7].measure, "MOTE");
  EXPECT_EQ(curves[7].tau[0], 1);
}

TEST(DriftCurves, AreMeansOverSeeds) {
  const auto once = Curves(1), twice = Curves(2);
  for (std::size_t c = 0; c < once.size(); ++c) EXPECT_EQ(once[c].tau, twice[c].tau);
}

TEST(DriftCurves, RankWhatFailedLast) {
  std::vector<std::vector<Outcome<ProbeResult>>> results(1);
  std::vector<double> truths;
  for (int a = 0; a < kCells; ++a) {
    results[0].push_back(a == 0 ? Outcome<ProbeResult>(Failure{FailureKind::kUndefined, "no"})
                                : Outcome<ProbeResult>(Drift(a)));
    truths.push_back(a);
  }
  const std::vector<LiveEdges> live(kCells, LiveEdges{.conv_3x3 = 2});
  const auto curves = DriftCurves(Recipe(), results, live, truths, Key(1, "bootstrap"));
  EXPECT_EQ(curves[0].tau[0], 1);
  EXPECT_LT(curves[0].tau[2], -0.6);
  EXPECT_GT(curves[0].tau[2], -1);
}

TEST(DriftFinding, SaysWhatTheSlidesSayOnlyWhereItIsSo) {
  const std::string finding = DriftFinding(Curves());
  EXPECT_THAT(finding,
              HasSubstr("tau 1.00 before training and -1.00 at its lowest, after 2 epochs"));
  EXPECT_THAT(finding, HasSubstr("not consistent while training, as the slides say"));
  EXPECT_THAT(finding, HasSubstr("TSE ranks better, as the slides say"));

  auto steady = Curves();
  steady[0].tau = steady[0].low = steady[0].high = {0.5, 0.6, 0.7};
  steady[4].tau.back() = steady[4].low.back() = steady[4].high.back() = 0.1;
  const std::string other = DriftFinding(steady);
  EXPECT_THAT(other, HasSubstr("does not fall while training, other than the slides say"));
  EXPECT_THAT(other, HasSubstr("TSE does not rank better, other than the slides say"));
}

}  // namespace
}  // namespace mote
