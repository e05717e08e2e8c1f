#include "mote/reading/swap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "mote/reading/test_codes.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(CountSwapPatterns, ByHand) {
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"101", "100"})), 3);
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"110", "110"})), 2);
}

TEST(CountSwapPatterns, EqualsASetOfColumns) {
  // Both ways of counting: up to 20 samples by a table, above by sorting.
  for (const int samples : {1, 2, 7, 20, 21, 64}) {
    ActivationCodes codes(samples);
    for (const int units : {50, 3}) {
      std::vector<double> inputs = Normals("swap", samples, samples * units);
      // Unit 1 repeats unit 0.
      for (int s = 0; s < samples; ++s) inputs[s * units + 1] = inputs[s * units];
      codes.Append(inputs);
    }
    std::set<std::vector<bool>> columns;
    for (int u = 0; u < 53; ++u) {
      std::vector<bool> column;
      for (int s = 0; s < samples; ++s) column.push_back(codes.At(s, u));
      columns.insert(column);
    }
    EXPECT_EQ(*CountSwapPatterns(codes), std::int64_t(columns.size())) << samples;
  }
}

TEST(CountSwapPatterns, SeesEverySample) {
  // Two units that differ in one sample only.
  for (const int samples : {16, 64}) {
    for (int different = 0; different < samples; ++different) {
      std::vector<std::string_view> rows(samples, "11");
      rows[different] = "10";
      EXPECT_EQ(*CountSwapPatterns(CodesOf(rows)), 2);
    }
  }
}

TEST(CountSwapPatterns, OfDegenerateCodes) {
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"", ""})), 0);
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"0000"})), 1);
  // All bits past the last unit are zeros, and no pattern.
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"1", "1"})), 1);
  // Never more than 2^samples.
  EXPECT_EQ(*CountSwapPatterns(CodesOf({"0101010101", "0011001100"})), 4);
}

TEST(CountSwapPatterns, OfActivationsThatAreNotFiniteHasNoValue) {
  ActivationCodes codes(1);
  const double inputs[] = {kNan};
  codes.Append(inputs);
  EXPECT_EQ(CountSwapPatterns(codes).failure().kind, FailureKind::kDiverged);
}

TEST(SwapRegularisation, ByHand) {
  EXPECT_EQ(SwapRegularisation(40'000, 40, 50), 1);
  // (30 - 40)^2 / 50 = 2.
  EXPECT_DOUBLE_EQ(SwapRegularisation(30'000, 40, 50), std::exp(-2));
  EXPECT_DOUBLE_EQ(SwapRegularisation(50'000, 40, 50), std::exp(-2));
  EXPECT_DOUBLE_EQ(SwapRegularisation(500, 0, 1), std::exp(-0.25));
}

}  // namespace
}  // namespace mote
