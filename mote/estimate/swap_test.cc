#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(swap);

namespace {

double Read(const OptionTexts& options) {
  const auto estimator = MakeEstimator(RegisterEstimator_swap, "swap", options);
  return *ReadMade(*estimator,
                   {{"patterns", {40, 60}}, {"parameters", {500, 500}}, {"repeats", {2}}});
}

TEST(Swap, MultipliesByTheRegularisationIfAskedTo) {
  EXPECT_EQ(Read({}), 50);
  EXPECT_EQ(Read({{"mu", "0.3"}}), 50) << "sigma alone switches it on";
  EXPECT_EQ(Read({{"mu", "0.5"}, {"sigma", "0.1"}}), 50);
  EXPECT_NEAR(Read({{"mu", "0.3"}, {"sigma", "0.1"}}), 50 * std::exp(-0.04 / 0.1), 1e-9);
}

TEST(Swap, RegularisesWithoutMeasuringAnew) {
  const auto plain = MakeEstimator(RegisterEstimator_swap, "swap", {}, ReducedNetwork());
  const auto regularised =
      MakeEstimator(RegisterEstimator_swap, "swap", {{"mu", "0.3"}, {"sigma", "0.1"}});
  EXPECT_EQ(OptionsOfProbe(*plain), OptionsOfProbe(*regularised));
  EXPECT_EQ(OptionsOfProbe(*plain)["batch"]["images"], 16);
  EXPECT_EQ(OptionsOfProbe(*plain)["repeats"], 32);
  EXPECT_EQ(OptionsOfProbe(*plain)["initializer"], "standard-normal");
}

TEST(Swap, SeesNothingInCellsWithoutRectifiers) {
  EXPECT_EQ(*EstimateCell(RegisterEstimator_swap, "swap", "111111", {{"repeats", "2"}}), 0);
  EXPECT_GT(*EstimateCell(RegisterEstimator_swap, "swap", "333333", {{"repeats", "2"}}), 10);
}

}  // namespace
}  // namespace mote
