#include "mote/data/channel_statistics.h"

#include <gtest/gtest.h>

#include <vector>

namespace mote {
namespace {

// Two pixels: red 0 and 255, green 51 twice, blue 102 and 153.
Split TwoPixels() { return {.pixels = {0, 51, 102, 255, 51, 153}, .labels = {0}}; }

TEST(ChannelStatistics, ByHand) {
  const ChannelStatistics statistics = StatisticsOf(TwoPixels());
  EXPECT_DOUBLE_EQ(statistics.mean[0], 0.5);
  EXPECT_DOUBLE_EQ(statistics.mean[1], 0.2);
  EXPECT_DOUBLE_EQ(statistics.mean[2], 0.5);
  EXPECT_DOUBLE_EQ(statistics.deviation[0], 0.5);
  EXPECT_EQ(statistics.deviation[1], 0);
  EXPECT_NEAR(statistics.deviation[2], 0.1, 1e-12);
}

TEST(ChannelStatistics, NormaliseToMeanZeroAndDeviationOneOrLeaveConstantsAtZero) {
  std::vector<double> images = {0, 0.2, 0.4, 1, 0.2, 0.6};
  Normalise(StatisticsOf(TwoPixels()), images);
  const std::vector<double> expected = {-1, 0, -1, 1, 0, 1};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(images[i], expected[i], 1e-12) << i;
}

}  // namespace
}  // namespace mote
