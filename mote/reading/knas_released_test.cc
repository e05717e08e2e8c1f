#include "mote/reading/knas_released.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::IsEmpty;

TEST(KnasCoordinates, SkipSmallTensorsAndStopAfterEleven) {
  // A stem of 16 x 27, its norm of 16 + 16, then twelve tensors that are large enough.
  std::vector<std::int64_t> sizes = {432, 16, 16};
  for (int i = 0; i < 12; ++i) sizes.push_back(60);
  const std::vector<std::int64_t> coordinates = KnasCoordinates(sizes);
  ASSERT_EQ(coordinates.size(), 550u);
  EXPECT_EQ(coordinates[0], 0);
  EXPECT_EQ(coordinates[49], 49);
  EXPECT_EQ(coordinates[50], 464);  // past the stem and its norm
  EXPECT_EQ(coordinates[100], 524);
  EXPECT_EQ(coordinates[549], 464 + 9 * 60 + 49);
}

TEST(KnasCoordinates, OfAShortNetworkAreFewer) {
  const std::int64_t sizes[] = {49, 50};
  const std::vector<std::int64_t> coordinates = KnasCoordinates(sizes);
  ASSERT_EQ(coordinates.size(), 50u);
  EXPECT_EQ(coordinates.front(), 49);
  EXPECT_EQ(coordinates.back(), 98);
  EXPECT_THAT(KnasCoordinates({}), IsEmpty());
}

TEST(SplitHalfCovariance, ByHand) {
  // Coordinate 1: u = (1, 3), v = (2, 8): (-1)(-3) + 1 * 3 = 6. Coordinate 2: u = (0, 2),
  // v = (5, 1): (-1)(2) + (1)(-2) = -4. In all 2 / 16.
  const double gradients[] = {1, 0, 3, 2, 2, 5, 8, 1};
  EXPECT_DOUBLE_EQ(*SplitHalfCovariance(gradients, 4), 2.0 / 16);
}

TEST(SplitHalfCovariance, OfFiftyImagesDividesBy2500) {
  std::vector<double> gradients;
  for (int i = 0; i < kKnasImages; ++i) gradients.push_back(i % 25);
  // 25 times the variance of 0 .. 24, which is (25^2 - 1) / 12.
  EXPECT_NEAR(*SplitHalfCovariance(gradients, kKnasImages), 25.0 * 52 / 2500, 1e-12);
}

TEST(SplitHalfCovariance, IgnoresOffsetsAndSwappedHalves) {
  std::vector<double> gradients = Normals("knas", 0, 6 * 3);
  const double value = *SplitHalfCovariance(gradients, 6);
  for (int i = 0; i < 9; ++i) std::swap(gradients[i], gradients[9 + i]);
  EXPECT_NEAR(*SplitHalfCovariance(gradients, 6), value, 1e-14);
  for (int i = 0; i < 9; ++i) gradients[i] += 5;
  EXPECT_NEAR(*SplitHalfCovariance(gradients, 6), value, 1e-13);
}

TEST(SplitHalfCovariance, OfConstantOrTwoOrNoGradientsIsZero) {
  EXPECT_EQ(*SplitHalfCovariance(std::vector<double>(8, 0.25), 4), 0);
  const double two[] = {1, 2};  // one image a half deviates from nothing
  EXPECT_EQ(*SplitHalfCovariance(two, 2), 0);
  EXPECT_EQ(*SplitHalfCovariance({}, 50), 0);
}

TEST(SplitHalfCovariance, OfInfiniteGradientsHasNoValue) {
  const double gradients[] = {1, kInfinity, 2, 3};
  EXPECT_EQ(SplitHalfCovariance(gradients, 4).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
