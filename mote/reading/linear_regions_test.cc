#include "mote/reading/linear_regions.h"

#include <gtest/gtest.h>

#include <vector>

#include "mote/reading/test_codes.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

std::int64_t Count(const ActivationCodes& codes) { return *CountLinearRegions({&codes, 1}); }

TEST(CountLinearRegions, ByHand) {
  // Neurons relu(x) and relu(x - 1) at x = -1, 0.5, 2, 3.
  ActivationCodes codes(4);
  const double inputs[] = {-1, -2, 0.5, -0.5, 2, 1, 3, 2};
  codes.Append(inputs);
  EXPECT_EQ(Count(codes), 3);
}

TEST(CountLinearRegions, EqualsTheSumOfReciprocalMultiplicities) {
  for (int seed = 0; seed < 20; ++seed) {
    constexpr int kSamples = 40;
    ActivationCodes codes(kSamples);
    codes.Append(Normals("regions", seed, kSamples * (1 + seed % 6)));
    double sum = 0;
    for (int i = 0; i < kSamples; ++i) {
      int same = 0;
      for (int j = 0; j < kSamples; ++j) same += HammingDistance(codes, i, j) == 0;
      sum += 1.0 / same;
    }
    EXPECT_NEAR(double(Count(codes)), sum, 1e-9);
  }
}

TEST(CountLinearRegions, CountsARegionOfTwoBatchesOnce) {
  const std::vector<ActivationCodes> batches = {CodesOf({"01", "11"}), CodesOf({"11", "00", "11"})};
  EXPECT_EQ(*CountLinearRegions(batches), 3);
}

TEST(CountLinearRegions, SeesTheLastUnitOfManyWords) {
  std::string code(200, '1');
  const std::string other = code.substr(0, 199) + "0";
  EXPECT_EQ(Count(CodesOf({code, other, code})), 2);
}

TEST(CountLinearRegions, OfDegenerateCodes) {
  EXPECT_EQ(*CountLinearRegions({}), 0);
  EXPECT_EQ(Count(CodesOf({"1"})), 1);
  EXPECT_EQ(Count(CodesOf({"", "", ""})), 1);  // without rectifiers a network is linear
  EXPECT_EQ(Count(CodesOf({"10", "10"})), 1);
}

TEST(CountLinearRegions, OfActivationsThatAreNotFiniteHasNoValue) {
  ActivationCodes codes(2);
  const double inputs[] = {1, kInfinity};
  codes.Append(inputs);
  EXPECT_EQ(CountLinearRegions({&codes, 1}).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
