#include "mote/reading/meco.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(SmallestCorrelationEigenvalue, ByHand) {
  // Channels (1, -1, 0) and (1, 0, -1), correlation 1/2: eigenvalues 1/2 and 3/2.
  const double half[] = {1, 1, -1, 0, 0, -1};
  EXPECT_NEAR(SmallestCorrelationEigenvalue(half, 2), 0.5, 1e-15);
  const double identical[] = {0.1, 0.1, 0.7, 0.7, 0.3, 0.3};
  EXPECT_EQ(SmallestCorrelationEigenvalue(identical, 2), 0);
  const double constant[] = {1, 0.1, -1, 0.1, 0, 0.1};
  EXPECT_EQ(SmallestCorrelationEigenvalue(constant, 2), 0);
}

TEST(SmallestCorrelationEigenvalue, IsOneOfOneChannelThatVaries) {
  const double varies[] = {1, 2}, constant[] = {2, 2}, single[] = {2};
  EXPECT_EQ(SmallestCorrelationEigenvalue(varies, 1), 1);
  EXPECT_EQ(SmallestCorrelationEigenvalue(constant, 1), 0);
  EXPECT_EQ(SmallestCorrelationEigenvalue(single, 1), 0);
}

TEST(SmallestCorrelationEigenvalue, IsZeroForTooFewPositions) {
  for (const int positions : {1, 4, 8, 9}) {
    const std::vector<double> map = Normals("map", positions, positions * 8);
    EXPECT_EQ(SmallestCorrelationEigenvalue(map, 8) > 0, positions == 9) << positions;
  }
}

TEST(SmallestCorrelationEigenvalue, IgnoresScaleOffsetAndOrderOfChannels) {
  std::vector<double> map = Normals("map", 0, 40 * 3);
  const double value = SmallestCorrelationEigenvalue(map, 3);
  EXPECT_GT(value, 0);
  EXPECT_LT(value, 1);  // the mean of the eigenvalues
  for (int position = 0; position < 40; ++position) {
    map[position * 3] = 1e-30 * map[position * 3];
    map[position * 3 + 1] += 5;
    std::swap(map[position * 3], map[position * 3 + 2]);
  }
  EXPECT_NEAR(SmallestCorrelationEigenvalue(map, 3), value, 1e-12);
}

TEST(SmallestCorrelationEigenvalue, TakesWhatIsNotFiniteForZero) {
  for (const double bad : {kNan, kInfinity}) {
    const double map[] = {1, bad, -1, 0, 0, 1};
    EXPECT_EQ(SmallestCorrelationEigenvalue(map, 2), 0);
  }
}

}  // namespace
}  // namespace mote
