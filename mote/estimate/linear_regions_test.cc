#include <gtest/gtest.h>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(linear_regions);

namespace {

TEST(LinearRegions, HasANetworkOfItsOwn) {
  const auto plain = MakeEstimator(RegisterEstimator_linear_regions, "linear-regions");
  const auto other =
      MakeEstimator(RegisterEstimator_linear_regions, "linear-regions", {}, ReducedNetwork());
  EXPECT_EQ(OptionsOfProbe(*plain), OptionsOfProbe(*other));
  const nlohmann::json options = OptionsOfProbe(*plain);
  EXPECT_EQ(options["skeleton"]["stem"], false);
  EXPECT_EQ(options["skeleton"]["stages"][0]["channels"], 1);
  EXPECT_EQ(options["batch"]["images"], 1000);
  EXPECT_EQ(options["batch"]["batches"], 3);
  EXPECT_EQ(options["batch"]["crop"], 3);
  EXPECT_EQ(options["repeats"], 3);
}

TEST(LinearRegions, IsTheMeanOfRepeats) {
  const auto estimator = MakeEstimator(RegisterEstimator_linear_regions, "linear-regions");
  EXPECT_EQ(*ReadMade(*estimator, {{"regions", {10, 20, 36}}, {"repeats", {3}}}), 22);
}

TEST(LinearRegions, GrowWithTheOperationsOfACell) {
  const auto of = [](const char* cell) {
    return *EstimateCell(RegisterEstimator_linear_regions, "linear-regions", cell,
                         {{"images", "10"}, {"repeats", "2"}});
  };
  EXPECT_EQ(of("000000"), 1) << "the head sees zeros";
  EXPECT_GT(of("333333"), 1);
  EXPECT_LE(of("333333"), 30);
}

}  // namespace
}  // namespace mote
