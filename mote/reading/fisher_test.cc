#include "mote/reading/fisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

TEST(Fisher, ByHand) {
  // f = w2 relu(w1 x), x = 1, w1 = 2, w2 = 3, loss f: outputs 2 and 6 with slopes 3 and 1.
  const double a1[] = {2}, d1[] = {3}, a2[] = {6}, d2[] = {1};
  const std::vector<double> first = ChannelSums(a1, d1, 1, 1), second = ChannelSums(a2, d2, 1, 1);
  const FisherLayer layers[] = {{first, 1, 1}, {second, 1, 1}};
  EXPECT_EQ(*FisherSum(std::span(layers).first(1)), 18);
  EXPECT_EQ(*FisherSum(layers), 36);
}

TEST(Fisher, SumsOverPositionsOfEachImageAndChannel) {
  // Two images of two positions with two channels.
  const double a[] = {1, 10, 2, 20, 3, 30, 4, 40}, d[] = {1, 1, 1, -1, 0, 2, 1, 0};
  EXPECT_THAT(ChannelSums(a, d, 2, 2), ElementsAre(3, -10, 4, 60));
}

TEST(Fisher, AveragesSquaresOverImagesAndCountsFanIn) {
  // Channel 1: (9 + 16) / 4, channel 2: (100 + 3600) / 4, each over 27 weights.
  const double sums[] = {3, -10, 4, 60};
  const FisherLayer layers[] = {{sums, 2, 27}};
  EXPECT_DOUBLE_EQ(*FisherSum(layers), 27 * (25.0 + 3700.0) / 4);
}

TEST(Fisher, EqualsTheBroadcastOverAllWeights) {
  constexpr int kImages = 3, kChannels = 4, kPositions = 5, kWeights = 6;
  const std::vector<double> a = Normals("a", 0, kImages * kPositions * kChannels);
  const std::vector<double> d = Normals("d", 0, kImages * kPositions * kChannels);
  double expected = 0;
  for (int weight = 0; weight < kChannels * kWeights; ++weight) {
    const int channel = weight / kWeights;
    double mean = 0;
    for (int image = 0; image < kImages; ++image) {
      double sum = 0;
      for (int position = 0; position < kPositions; ++position) {
        const int at = (image * kPositions + position) * kChannels + channel;
        sum += a[at] * d[at];
      }
      mean += sum * sum / kImages;
    }
    expected += 0.5 * mean;
  }
  const std::vector<double> sums = ChannelSums(a, d, kImages, kChannels);
  const FisherLayer layers[] = {{sums, kChannels, kWeights}};
  EXPECT_NEAR(*FisherSum(layers), expected, 1e-11);
}

TEST(Fisher, OfNothingOrZerosIsZeroAndOfInfinitiesHasNoValue) {
  EXPECT_EQ(*FisherSum({}), 0);
  const double zeros[] = {0, 0}, bad[] = {1, kNan};
  const FisherLayer layers[] = {{zeros, 2, 9}}, broken[] = {{bad, 1, 9}};
  EXPECT_EQ(*FisherSum(layers), 0);
  EXPECT_EQ(FisherSum(broken).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
