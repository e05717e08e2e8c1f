#include "mote/report/chart_axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mote {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> TextsOf(const Axis& axis) {
  std::vector<std::string> texts;
  for (const Tick& tick : axis.ticks) texts.push_back(tick.text);
  return texts;
}

TEST(LinearAxis, HasRoundTicks) {
  EXPECT_THAT(TextsOf(LinearAxis(std::vector{0.0, 25.0})),
              ElementsAre("0", "5", "10", "15", "20", "25"));
  EXPECT_THAT(TextsOf(LinearAxis(std::vector{-0.2, 0.71})),
              ElementsAre("-0.2", "0", "0.2", "0.4", "0.6"));
  EXPECT_THAT(TextsOf(LinearAxis(std::vector{0.551, 0.559})),
              ElementsAre("0.552", "0.554", "0.556", "0.558"));
  EXPECT_THAT(TextsOf(LinearAxis(std::vector{0.0, 4e6})),
              ElementsAre("0", "1e+06", "2e+06", "3e+06", "4e+06"));
}

TEST(LinearAxis, HasALengthWhateverItShows) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& values : {std::vector<double>{},
                                            {nan, infinity, -infinity},
                                            {0.0},
                                            {3.0, 3.0},
                                            {-1e-300, 1e-300},
                                            {1e299, 1.0000000000000002e299},
                                            {1.0, 1.0000000000000002},
                                            {-1e308, 1e308, 2}}) {
    const Axis axis = LinearAxis(values);
    EXPECT_LT(axis.low, axis.high);
    EXPECT_TRUE(std::isfinite(axis.high - axis.low));
    for (const Tick& tick : axis.ticks) EXPECT_TRUE(axis.Shows(tick.value));
  }
}

TEST(LogAxis, HasTicksOfOneTwoAndFive) {
  EXPECT_THAT(TextsOf(LogAxis(std::vector{100.0, 10000.0})),
              ElementsAre("100", "200", "500", "1000", "2000", "5000", "10000"));
  EXPECT_THAT(TextsOf(LogAxis(std::vector{1e-3, 1e3})),
              ElementsAre("0.001", "0.01", "0.1", "1", "10", "100", "1000"));
  EXPECT_THAT(TextsOf(LogAxis(std::vector{2.0, 4.1})), ElementsAre("2", "2.5", "3", "3.5", "4"));
}

TEST(LogAxis, LeavesOutWhatHasNoLogarithm) {
  const Axis axis = LogAxis(std::vector{-5.0, 0.0, 2.0, 8.0});
  EXPECT_GT(axis.low, 1.5);
  EXPECT_LT(axis.high, 10);
  EXPECT_EQ(axis.Share(axis.low), 0);
  EXPECT_EQ(axis.Share(axis.high), 1);
  EXPECT_NEAR(axis.Share(4), 0.5, 1e-12);  // the middle of 2 and 8 in ratio
  const Axis nothing = LogAxis(std::vector{-5.0, 0.0});
  EXPECT_GT(nothing.low, 0);
  EXPECT_LT(nothing.low, nothing.high);
}

TEST(RoundValues, AreMultiplesWithoutGatheredErrors) {
  const std::vector<double> values = RoundValues(0, 1, false, 10);
  ASSERT_EQ(values.size(), 11u);
  EXPECT_EQ(values[7], 7 * 0.1);
  EXPECT_THAT(RoundValues(0.08, 6, true, 10), ElementsAre(0.1, 0.2, 0.5, 1, 2, 5));
}

TEST(RowOfAxes, IsOneScaleOnlyWhereItIsShared) {
  const std::vector<std::vector<double>> values = {{1, 10}, {5, 1000}};
  const std::vector<Axis> own = RowOfAxes(values, false, true);
  ASSERT_EQ(own.size(), 2u);
  EXPECT_FALSE(own[0].Shows(1000));
  EXPECT_FALSE(own[1].Shows(1));
  for (const Axis& axis : RowOfAxes(values, true, true)) {
    EXPECT_TRUE(axis.log);
    EXPECT_TRUE(axis.Shows(1) && axis.Shows(1000));
  }
  EXPECT_FALSE(RowOfAxes(values, true, false)[1].log);
}

}  // namespace
}  // namespace mote
