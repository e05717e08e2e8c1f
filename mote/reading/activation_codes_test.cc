#include "mote/reading/activation_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mote/reading/test_codes.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ActivationCodes, SetTheBitOfPositiveInputs) {
  ActivationCodes codes(2);
  const double inputs[] = {1e-300, 0, -1, 0, -0.0, 2};
  codes.Append(inputs);
  EXPECT_THAT(codes.Code(0), ElementsAre(0b001));
  EXPECT_THAT(codes.Code(1), ElementsAre(0b100));
  EXPECT_EQ(codes.units(), 3);
  EXPECT_EQ(HammingDistance(codes, 0, 1), 2);
}

TEST(ActivationCodes, JoinRectifiersAcrossWords) {
  // Rectifiers of 1, 62, 1, 64 and 5 units: both sides of a word's end.
  constexpr int kSamples = 3;
  ActivationCodes codes(kSamples);
  std::vector<std::vector<bool>> expected(kSamples);
  for (const int units : {1, 62, 1, 64, 5}) {
    const std::vector<double> inputs = Normals("inputs", units, kSamples * units);
    codes.Append(inputs);
    for (int s = 0; s < kSamples; ++s) {
      for (int u = 0; u < units; ++u) expected[s].push_back(inputs[s * units + u] > 0);
    }
  }
  ASSERT_EQ(codes.units(), 133);
  EXPECT_EQ(codes.Code(0).size(), 3u);
  for (int s = 0; s < kSamples; ++s) {
    std::int64_t distance = 0;
    for (int u = 0; u < 133; ++u) {
      EXPECT_EQ(codes.At(s, u), expected[s][u]) << s << ", " << u;
      distance += expected[s][u] != expected[0][u];
    }
    EXPECT_EQ(HammingDistance(codes, 0, s), distance);
    EXPECT_EQ(HammingDistance(codes, s, 0), distance);
  }
}

TEST(ActivationCodes, TakeBitsAsTheyTakeNumbers) {
  constexpr int kSamples = 3;
  ActivationCodes codes(kSamples);
  ActivationCodes expected(kSamples);
  for (const int units : {1, 62, 1, 64, 5, 130, 61}) {
    const std::vector<double> inputs = Normals("bits", units, kSamples * units);
    expected.Append(inputs);
    const int words = (units + 63) / 64;
    std::vector<std::uint64_t> bits(std::size_t(kSamples * words));
    for (int s = 0; s < kSamples; ++s) {
      for (int u = 0; u < units; ++u) {
        bits[s * words + u / 64] |= std::uint64_t(inputs[s * units + u] > 0) << (u % 64);
      }
    }
    codes.Append(bits, units, true);
  }
  ASSERT_EQ(codes.units(), expected.units());
  for (int s = 0; s < kSamples; ++s) {
    EXPECT_TRUE(std::ranges::equal(codes.Code(s), expected.Code(s))) << s;
  }
  EXPECT_TRUE(codes.finite());
  codes.Append({}, 0, false);
  EXPECT_FALSE(codes.finite());
}

// More words than are taken at a time, and a rest.
TEST(ActivationCodes, HaveTheDistancesOfAllPairsAtOnce) {
  constexpr int kSamples = 5;
  ActivationCodes codes(kSamples);
  codes.Append(Normals("pairs", 1, kSamples * (2 * 512 * 64 + 100)));
  const std::vector<std::int64_t> distances = HammingDistances(codes);
  ASSERT_EQ(distances.size(), std::size_t(kSamples * kSamples));
  for (int i = 0; i < kSamples; ++i) {
    for (int j = 0; j < kSamples; ++j) {
      EXPECT_EQ(distances[i * kSamples + j], HammingDistance(codes, i, j)) << i << ", " << j;
    }
  }
}

TEST(ActivationCodes, OfNothingAreEmpty) {
  ActivationCodes codes(2);
  codes.Append({});
  EXPECT_EQ(codes.units(), 0);
  EXPECT_THAT(codes.Code(1), IsEmpty());
  EXPECT_EQ(HammingDistance(codes, 0, 1), 0);
  EXPECT_TRUE(codes.finite());
}

TEST(ActivationCodes, RememberWhatIsNotFinite) {
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    ActivationCodes codes = CodesOf({"10", "01"});
    EXPECT_TRUE(codes.finite());
    const double inputs[] = {1, bad};
    codes.Append(inputs);
    codes.Append({});
    EXPECT_FALSE(codes.finite());
  }
}

}  // namespace
}  // namespace mote
