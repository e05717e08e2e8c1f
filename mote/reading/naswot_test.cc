#include "mote/reading/naswot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "mote/reading/test_codes.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

// The determinant as a sum over all permutations, in integers.
std::int64_t Determinant(const std::vector<std::int64_t>& matrix, int n) {
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::int64_t sum = 0;
  do {
    std::int64_t product = 1;
    for (int i = 0; i < n; ++i) {
      product *= matrix[i * n + order[i]];
      for (int j = 0; j < i; ++j) {
        if (order[j] > order[i]) product = -product;
      }
    }
    sum += product;
  } while (std::ranges::next_permutation(order).found);
  return sum;
}

TEST(Naswot, ByHand) {
  const ActivationCodes codes = CodesOf({"101", "100"});
  EXPECT_THAT(AgreementKernel(codes), ElementsAre(3, 2, 2, 3));
  EXPECT_NEAR(*NaswotScore(codes), 1.609438, 1e-6);
  // Complementary codes: K = units I.
  EXPECT_NEAR(*NaswotScore(CodesOf({"10110", "01001"})), 2 * std::log(5), 1e-14);
  EXPECT_NEAR(*NaswotScore(CodesOf({"1011010"})), std::log(7), 1e-15);
}

TEST(Naswot, EqualsTheDeterminantByPermutations) {
  for (int seed = 0; seed < 30; ++seed) {
    constexpr int kSamples = 5;
    ActivationCodes codes(kSamples);
    codes.Append(Normals("first", seed, kSamples * 3));
    codes.Append(Normals("second", seed, kSamples * (seed % 5)));
    const std::int64_t determinant = Determinant(AgreementKernel(codes), kSamples);
    if (determinant == 0) {
      EXPECT_EQ(*NaswotScore(codes), -kInfinity) << seed;
    } else {
      EXPECT_NEAR(*NaswotScore(codes), std::log(double(determinant)), 1e-12) << seed;
    }
  }
}

TEST(Naswot, OfASingularKernelIsMinusInfinity) {
  EXPECT_EQ(*NaswotScore(CodesOf({"101", "101"})), -kInfinity);
  EXPECT_EQ(*NaswotScore(CodesOf({"10100", "00111", "10100"})), -kInfinity);
  // All four codes of two units differ, but K has rank three.
  EXPECT_EQ(*NaswotScore(CodesOf({"00", "01", "10", "11"})), -kInfinity);
  EXPECT_EQ(*NaswotScore(CodesOf({"", ""})), -kInfinity);
}

TEST(Naswot, OfADuplicateAmongManyIsMinusInfinity) {
  constexpr int kSamples = 32, kUnits = 5000;
  std::vector<double> inputs = Normals("many", 0, kSamples * kUnits);
  ActivationCodes different(kSamples), duplicated(kSamples);
  different.Append(inputs);
  std::copy_n(inputs.begin(), kUnits, inputs.begin() + 17 * kUnits);
  duplicated.Append(inputs);
  EXPECT_TRUE(std::isfinite(*NaswotScore(different)));
  EXPECT_EQ(*NaswotScore(duplicated), -kInfinity);
}

TEST(Naswot, SeesOneUnitOfAMillion) {
  std::string long_code(1'000'003, '1');
  std::string other = long_code;
  other[777'777] = '0';
  const double units = double(long_code.size());
  // K = [[u, u - 1], [u - 1, u]], det 2 u - 1.
  EXPECT_NEAR(*NaswotScore(CodesOf({long_code, other})), std::log(2 * units - 1), 1e-8);
}

TEST(Naswot, IgnoresOrderAndComplement) {
  const double value = *NaswotScore(CodesOf({"11010", "00110", "10001"}));
  EXPECT_NEAR(*NaswotScore(CodesOf({"10001", "11010", "00110"})), value, 1e-13);
  EXPECT_NEAR(*NaswotScore(CodesOf({"00101", "11001", "01110"})), value, 1e-13);
}

TEST(Naswot, OfActivationsThatAreNotFiniteHasNoValue) {
  ActivationCodes codes(2);
  const double inputs[] = {1, kNan};
  codes.Append(inputs);
  EXPECT_EQ(NaswotScore(codes).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
