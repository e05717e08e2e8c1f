#include "mote/base/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/base/error.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Values = std::vector<double>;

// The definition of tau-b, pair by pair.
std::optional<double> TauByPairs(std::span<const double> x, std::span<const double> y) {
  double difference = 0, untied_x = 0, untied_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int dx = (x[i] > x[j]) - (x[i] < x[j]), dy = (y[i] > y[j]) - (y[i] < y[j]);
      difference += dx * dy;
      untied_x += dx != 0;
      untied_y += dy != 0;
    }
  }
  if (untied_x == 0 || untied_y == 0) return std::nullopt;
  return difference / std::sqrt(untied_x * untied_y);
}

Values RandomIntegers(Rng& rng, int count, int bound) {
  Values values;
  for (int i = 0; i < count; ++i) values.push_back(double(rng.Below(std::uint64_t(bound))));
  return values;
}

TEST(AverageRanks, SharesTheAverageAmongTies) {
  EXPECT_THAT(AverageRanks(Values{10, 30, 20}), ElementsAre(1, 3, 2));
  EXPECT_THAT(AverageRanks(Values{5, 1, 5, 5, 9}), ElementsAre(3, 1, 3, 3, 5));
  EXPECT_THAT(AverageRanks(Values{2, 2}), ElementsAre(1.5, 1.5));
  EXPECT_THAT(AverageRanks(Values{}), IsEmpty());
}

TEST(AverageRanks, SumAsWithoutTies) {
  Rng rng(Key(1, "ranks"));
  const Values values = RandomIntegers(rng, 501, 20);
  const Values ranks = AverageRanks(values);
  EXPECT_DOUBLE_EQ(Mean(ranks) * 501, 501 * 502 / 2);
  for (int i = 1; i < 501; ++i) EXPECT_EQ(ranks[i] < ranks[i - 1], values[i] < values[i - 1]);
}

TEST(KendallTauB, FollowsTheOrderOnly) {
  EXPECT_EQ(KendallTauB(Values{1, 2, 3, 4}, Values{10, 20, 30, 400}), 1.0);
  EXPECT_EQ(KendallTauB(Values{1, 2, 3, 4}, Values{9, 8, 7, -6}), -1.0);
  // One of six pairs is discordant: (5 - 1) / 6.
  EXPECT_DOUBLE_EQ(KendallTauB(Values{1, 2, 3, 4}, Values{1, 3, 2, 4}).value(), 4.0 / 6);
}

TEST(KendallTauB, DividesByUntiedPairs) {
  // Pairs: C = 4, D = 0, one tied in x, one tied in y: 4 / sqrt(5 * 5).
  EXPECT_DOUBLE_EQ(KendallTauB(Values{1, 1, 2, 3}, Values{1, 2, 3, 3}).value(), 0.8);
  // A pair tied in both counts in neither factor: C = 5, D = 0, 5 / sqrt(5 * 5).
  EXPECT_EQ(KendallTauB(Values{1, 1, 2, 3}, Values{4, 4, 5, 6}), 1.0);
}

TEST(KendallTauB, IsUndefinedForConstantOrShortSeries) {
  EXPECT_EQ(KendallTauB(Values{}, Values{}), std::nullopt);
  EXPECT_EQ(KendallTauB(Values{1}, Values{1}), std::nullopt);
  EXPECT_EQ(KendallTauB(Values{2, 2, 2}, Values{1, 2, 3}), std::nullopt);
  EXPECT_EQ(KendallTauB(Values{1, 2, 3}, Values{2, 2, 2}), std::nullopt);
}

TEST(KendallTauB, AgreesWithTheDefinitionOnTiedData) {
  Rng rng(Key(7, "tau"));
  for (int trial = 0; trial < 400; ++trial) {
    const int count = 2 + int(rng.Below(40));
    const Values x = RandomIntegers(rng, count, 1 + int(rng.Below(30)));
    const Values y = RandomIntegers(rng, count, 1 + int(rng.Below(30)));
    const auto fast = KendallTauB(x, y), slow = TauByPairs(x, y);
    ASSERT_EQ(fast.has_value(), slow.has_value());
    if (fast) {
      ASSERT_NEAR(*fast, *slow, 1e-14) << "trial " << trial;
    }
  }
}

TEST(KendallTauB, IsSymmetricAndTurnsWithTheSign) {
  Rng rng(Key(8, "tau"));
  const Values x = RandomIntegers(rng, 1000, 50), y = RandomIntegers(rng, 1000, 70);
  Values negated = x;
  for (double& value : negated) value = -value;
  EXPECT_EQ(KendallTauB(x, y), KendallTauB(y, x));
  EXPECT_DOUBLE_EQ(KendallTauB(negated, y).value(), -KendallTauB(x, y).value());
}

TEST(KendallTauB, CountsPairsBeyond32Bits) {
  Values rising;
  for (int i = 0; i < 200'000; ++i) rising.push_back(i);
  const Values falling(rising.rbegin(), rising.rend());
  EXPECT_EQ(KendallTauB(rising, rising), 1.0);
  EXPECT_EQ(KendallTauB(rising, falling), -1.0);
}

TEST(KendallTauBDeathTest, RefusesWhatHasNoOrder) {
  EXPECT_DEATH(KendallTauB(Values{1, 2}, Values{1}), "2 against 1");
  EXPECT_DEATH(KendallTauB(Values{1, std::nan("")}, Values{1, 2}), "NaN");
}

TEST(PearsonR, AgreesWithHandComputedValues) {
  // Deviations (-1, 0, 1) and (-1, -1, 2): 3 / sqrt(2 * 6).
  EXPECT_DOUBLE_EQ(PearsonR(Values{1, 2, 3}, Values{1, 1, 4}).value(), 3 / std::sqrt(12.0));
  EXPECT_DOUBLE_EQ(PearsonR(Values{1, 2, 3}, Values{5, 3, 1}).value(), -1);
}

TEST(PearsonR, IsUndefinedForConstantOrShortSeries) {
  EXPECT_EQ(PearsonR(Values{}, Values{}), std::nullopt);
  EXPECT_EQ(PearsonR(Values{1}, Values{2}), std::nullopt);
  // The mean of equal values need not equal them in floating point.
  EXPECT_EQ(PearsonR(Values{0.1, 0.1, 0.1}, Values{1, 2, 3}), std::nullopt);
}

TEST(PearsonR, DoesNotOverflowOrUnderflow) {
  const Values large{1e200, 2e200, 4e200}, small{1e-200, 2e-200, 4e-200}, plain{1, 2, 4};
  const double expected = PearsonR(plain, Values{1, 4, 2}).value();
  EXPECT_NEAR(PearsonR(large, Values{1, 4, 2}).value(), expected, 1e-14);
  EXPECT_NEAR(PearsonR(small, Values{1, 4, 2}).value(), expected, 1e-14);
}

TEST(SpearmanRho, IsPearsonOfRanks) {
  // Without ties: 1 - 6 sum d^2 / (n (n^2 - 1)), d = (0, 1, -1, 0, 0).
  EXPECT_DOUBLE_EQ(SpearmanRho(Values{1, 2, 3, 4, 5}, Values{1, 30, 20, 400, 5e5}).value(), 0.9);
  // Ranks (1.5, 1.5, 3, 4) and (1, 2, 3.5, 3.5): 4 / 4.5.
  EXPECT_DOUBLE_EQ(SpearmanRho(Values{1, 1, 2, 3}, Values{1, 2, 3, 3}).value(), 4 / 4.5);
  EXPECT_EQ(SpearmanRho(Values{1, 1}, Values{1, 2}), std::nullopt);
}

TEST(Quantile, InterpolatesLinearly) {
  const Values values{40, 10, 20, 30};
  EXPECT_EQ(Quantile(values, 0), 10);
  EXPECT_EQ(Quantile(values, 1), 40);
  EXPECT_EQ(Quantile(values, 0.5), 25);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.9), 37);  // position 2.7
  EXPECT_EQ(Quantile({7}, 0.3), 7);
}

TEST(StandardDeviation, DividesByTheCount) {
  EXPECT_EQ(Mean(Values{2, 4, 4, 4, 5, 5, 7, 9}), 5);
  EXPECT_EQ(StandardDeviation(Values{2, 4, 4, 4, 5, 5, 7, 9}), 2);
  EXPECT_EQ(StandardDeviation(Values{3}), 0);
}

TEST(BootstrapInterval, CoversTheMeanAsTheNormalDistributionDoes) {
  // Mean of 400 standard normals: 95 % within 1.96 / 20 of the sample mean.
  Rng rng(Key(3, "sample"));
  Values sample;
  for (int i = 0; i < 400; ++i) sample.push_back(rng.Normal());
  const auto mean_of = [&](std::span<const int> items) -> std::optional<double> {
    double sum = 0;
    for (const int item : items) sum += sample[item];
    return sum / double(items.size());
  };
  const Interval interval = BootstrapInterval(400, mean_of, Key(3, "bootstrap"), 4000).value();
  const double expected = 1.96 * StandardDeviation(sample) / 20;
  EXPECT_NEAR(Mean(sample) - interval.low, expected, 0.1 * expected);
  EXPECT_NEAR(interval.high - Mean(sample), expected, 0.1 * expected);
}

TEST(BootstrapInterval, DependsOnTheKeyAlone) {
  const auto first_item = [](std::span<const int> items) { return std::optional(items[0] + 0.0); };
  const auto run = [&](int seed) {
    return BootstrapInterval(10'000, first_item, Key(seed, "x"), 50).value();
  };
  EXPECT_EQ(run(1).low, run(1).low);
  EXPECT_NE(run(1).low, run(2).low);
}

TEST(BootstrapInterval, DrawsAsManyItemsAsThereAreWithRepetition) {
  bool repeated = false;
  const auto statistic = [&](std::span<const int> items) {
    EXPECT_EQ(items.size(), 10u);
    std::vector<int> sorted(items.begin(), items.end());
    std::ranges::sort(sorted);
    EXPECT_GE(sorted.front(), 0);
    EXPECT_LT(sorted.back(), 10);
    repeated |= std::ranges::adjacent_find(sorted) != sorted.end();
    return std::optional(1.0);
  };
  EXPECT_TRUE(BootstrapInterval(10, statistic, Key(0), 20).has_value());
  EXPECT_TRUE(repeated);
}

TEST(BootstrapInterval, LeavesOutUndefinedResamples) {
  int round = 0;
  const auto sometimes = [&](std::span<const int>) {
    return ++round % 2 ? std::optional<double>(5) : std::nullopt;
  };
  const Interval interval = BootstrapInterval(3, sometimes, Key(0), 100).value();
  EXPECT_EQ(interval.low, 5);
  EXPECT_EQ(interval.high, 5);
  const auto never = [](std::span<const int>) { return std::optional<double>(); };
  EXPECT_EQ(BootstrapInterval(3, never, Key(0), 100), std::nullopt);
  EXPECT_EQ(BootstrapInterval(0, sometimes, Key(0), 100), std::nullopt);
}

TEST(BootstrapInterval, NarrowsWithTheLevel) {
  const auto first_item = [](std::span<const int> items) { return std::optional(items[0] + 0.0); };
  const Interval half = BootstrapInterval(1001, first_item, Key(0), 4000, 0.5).value();
  EXPECT_NEAR(half.low, 250, 40);
  EXPECT_NEAR(half.high, 750, 40);
}

TEST(BoxCox, IsContinuousInLambda) {
  EXPECT_DOUBLE_EQ(BoxCox(9, 0.5), 4);  // (3 - 1) / 0.5
  EXPECT_DOUBLE_EQ(BoxCox(3, -1), 2.0 / 3);
  EXPECT_DOUBLE_EQ(BoxCox(3, 1), 2);
  EXPECT_EQ(BoxCox(3, 0), std::log(3.0));
  EXPECT_NEAR(BoxCox(3, 1e-12), std::log(3.0), 1e-11);
  EXPECT_DOUBLE_EQ(BoxCox(0, 0.5), -2);
  EXPECT_EQ(BoxCox(1, 0.3), 0);
}

TEST(FitBoxCox, FindsTheMaximumOfTheLikelihood) {
  const BoxCoxFit one = FitBoxCox(Values{1, 2, 3, 4, 5});
  EXPECT_NEAR(one.lambda, 0.690297, 1e-6);
  EXPECT_NEAR(one.sigma, 1.040160, 1e-6);
  const BoxCoxFit primes = FitBoxCox(Values{2, 3, 5, 7, 11, 13});
  EXPECT_NEAR(primes.lambda, 0.233639, 1e-6);
  EXPECT_NEAR(primes.sigma, 0.989689, 1e-6);
  EXPECT_NEAR(primes.mean, 2.0677, 0.5);
}

TEST(FitBoxCox, IsUnmovedByTheUnit) {
  const Values values{2, 3, 5, 7, 11, 13};
  for (const double unit : {1e-60, 1e-3, 1e60}) {
    Values scaled = values;
    for (double& value : scaled) value *= unit;
    EXPECT_NEAR(FitBoxCox(scaled).lambda, FitBoxCox(values).lambda, 1e-6) << unit;
  }
}

TEST(FitBoxCox, RecoversTheTransformOfNormalData) {
  Rng rng(Key(5, "normal"));
  Values lognormal, squares;
  for (int i = 0; i < 4000; ++i) {
    const double normal = rng.Normal();
    lognormal.push_back(std::exp(normal));
    squares.push_back(std::pow(10 + normal, 2));
  }
  EXPECT_NEAR(FitBoxCox(lognormal).lambda, 0, 0.05);
  EXPECT_NEAR(FitBoxCox(lognormal).sigma, 1, 0.05);
  EXPECT_NEAR(FitBoxCox(squares).lambda, 0.5, 0.3);
}

TEST(FitBoxCox, StaysWithinItsBracket) {
  // Two clusters that only an unbounded exponent would even out.
  EXPECT_NEAR(FitBoxCox(Values{1, 1.0001, 1.0003}).lambda, -5, 1e-6);
  EXPECT_NEAR(FitBoxCox(Values{1, 1.0002, 1.0003}).lambda, 5, 1e-6);
  EXPECT_TRUE(std::isfinite(FitBoxCox(Values{1e-60, 1, 1e60}).sigma));
}

TEST(FitBoxCox, RefusesWhatItCannotFit) {
  const auto message = [](const Values& values) -> std::string {
    try {
      FitBoxCox(values);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message({1, 2}), HasSubstr("at least 3 values"));
  EXPECT_THAT(message({1, 2, 0}), HasSubstr("positive"));
  EXPECT_THAT(message({1, 2, -3}), HasSubstr("-3"));
  EXPECT_THAT(message({1, 2, std::numeric_limits<double>::infinity()}), HasSubstr("finite"));
  EXPECT_THAT(message({4, 4, 4}), HasSubstr("differ"));
}

}  // namespace
}  // namespace mote
