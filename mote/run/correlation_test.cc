#include "mote/run/correlation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mote {
namespace {

using Scores = std::vector<std::optional<double>>;
using Values = std::vector<double>;

const Key kKey(1, "bootstrap");

// Truths 0 .. count-1 and scores that follow them but for noise.
struct Sample {
  Scores scores;
  Values truths;
};

Sample NoisySample(int count, double noise, const char* name) {
  Rng rng(Key(1, name));
  Sample sample;
  for (int i = 0; i < count; ++i) {
    sample.truths.push_back(i);
    sample.scores.push_back(i + noise * rng.Normal());
  }
  return sample;
}

Values Numbers(const Scores& scores) {
  Values numbers;
  for (const auto& score : scores) numbers.push_back(score.value());
  return numbers;
}

TEST(Correlate, GivesTheCoefficientsOfTheSeries) {
  const Sample sample = NoisySample(300, 80, "a");
  const Correlation result = Correlate(sample.scores, sample.truths, kKey, 50);
  EXPECT_EQ(result.count, 300);
  EXPECT_EQ(result.tau, KendallTauB(Numbers(sample.scores), sample.truths));
  EXPECT_DOUBLE_EQ(result.rho.value(), SpearmanRho(Numbers(sample.scores), sample.truths).value());
}

TEST(Correlate, PutsItemsWithoutScoreLast) {
  const Values truths{0.2, 0.1, 0.3, 0.4};
  const Correlation result = Correlate(Scores{std::nullopt, std::nullopt, -5, 7}, truths, kKey, 0);
  EXPECT_EQ(result.tau, KendallTauB(Values{-9, -9, -5, 7}, truths));
  EXPECT_DOUBLE_EQ(result.tau.value(), 5 / std::sqrt(5.0 * 6));
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Correlate(Scores{nan, infinity, -5, 7}, truths, kKey, 0).tau, result.tau);
  EXPECT_EQ(Correlate(Scores{-infinity, nan, -5, 7}, truths, kKey, 0).tau, result.tau);
}

TEST(Correlate, RoundsTruths) {
  const Scores scores{1, 2, 3};
  EXPECT_EQ(Correlate(scores, Values{0.1 + 4e-8, 0.1, 0.5}, kKey, 0).tau,
            KendallTauB(Values{1, 2, 3}, Values{1, 1, 5}));
  EXPECT_DOUBLE_EQ(Correlate(scores, Values{0.100002, 0.1, 0.5}, kKey, 0).tau.value(), 1.0 / 3);
}

TEST(Correlate, HasNoValueWhereThereIsNone) {
  const Correlation empty = Correlate({}, {}, kKey);
  EXPECT_EQ(empty.count, 0);
  EXPECT_EQ(empty.tau, std::nullopt);
  EXPECT_EQ(empty.tau_interval, std::nullopt);
  EXPECT_TRUE(empty.top.empty());
  const Correlation one = Correlate(Scores{3}, Values{5}, kKey, 10);
  EXPECT_EQ(one.tau, std::nullopt);
  EXPECT_EQ(one.tau_interval, std::nullopt);
  ASSERT_EQ(one.top.size(), 4u);
  EXPECT_EQ(one.top[1].k, 1);
  EXPECT_EQ(one.top[1].precision, 1);
  EXPECT_EQ(one.top[1].regret, 0);
  EXPECT_EQ(Correlate(Scores(3), Values{1, 2, 3}, kKey, 10).rho, std::nullopt);
}

TEST(Correlate, BoundsTheCoefficientsByBootstrap) {
  const Sample sample = NoisySample(200, 60, "b");
  const Correlation result = Correlate(sample.scores, sample.truths, kKey, 500);
  const Values scores = Numbers(sample.scores);
  // The plain bootstrap of the plain coefficients, on the same resamples.
  const auto interval_of = [&](auto&& coefficient) {
    return BootstrapInterval(
               200,
               [&](std::span<const int> items) {
                 Values x, y;
                 for (const int item : items) {
                   x.push_back(scores[std::size_t(item)]);
                   y.push_back(sample.truths[std::size_t(item)]);
                 }
                 return coefficient(x, y);
               },
               kKey, 500)
        .value();
  };
  const Interval tau = interval_of(KendallTauB), rho = interval_of(SpearmanRho);
  EXPECT_EQ(result.tau_interval.value().low, tau.low);
  EXPECT_EQ(result.tau_interval.value().high, tau.high);
  EXPECT_NEAR(result.rho_interval.value().low, rho.low, 1e-12);
  EXPECT_NEAR(result.rho_interval.value().high, rho.high, 1e-12);
  EXPECT_LT(tau.low, result.tau.value());
  EXPECT_GT(tau.high, result.tau.value());
  EXPECT_LT(tau.high - tau.low, 0.15);
  EXPECT_EQ(Correlate(sample.scores, sample.truths, kKey, 0).tau_interval, std::nullopt);
}

TEST(Correlate, MeasuresTheBestTenthByItself) {
  // The scores rank the best tenth in reverse, all others rightly.
  Scores scores;
  Values truths;
  for (int i = 0; i < 100; ++i) {
    truths.push_back(i);
    scores.push_back(i < 90 ? i : 1000 - i);
  }
  const Correlation result = Correlate(scores, truths, kKey, 0);
  EXPECT_EQ(result.tau_top10, -1.0);
  EXPECT_GT(result.tau.value(), 0.9);
}

TEST(Correlate, IncludesTruthsTiedWithThe90thPercentileInTheBestTenth) {
  // Position 9.9 of 0 .. 11 lies between two nines: four truths reach it, and the scores rank the
  // three pairs of them that are not tied.
  const Values truths{1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 10};
  const Scores scores{0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(Correlate(scores, truths, kKey, 0).tau_top10.value(), 3 / std::sqrt(6.0 * 3));
}

TEST(Correlate, TakesFourSizesOfTheTop) {
  const auto sizes = [](int count) {
    const Sample sample = NoisySample(count, 1, "sizes");
    std::vector<int> ks;
    for (const TopK& top : Correlate(sample.scores, sample.truths, kKey, 0).top) {
      ks.push_back(top.k);
    }
    return ks;
  };
  EXPECT_EQ(sizes(15'625), (std::vector{10, 50, 156, 1563}));
  EXPECT_EQ(sizes(20), (std::vector{10, 20, 1, 2}));
  EXPECT_EQ(sizes(4), (std::vector{4, 4, 1, 1}));
}

TEST(Correlate, MeasuresWhatTheTopHolds) {
  // 100 items; truth i. The score puts 99 out of sight and 50 on top.
  Scores scores;
  Values truths;
  for (int i = 0; i < 100; ++i) {
    truths.push_back(i);
    scores.push_back(i);
  }
  scores[99] = -1;
  scores[50] = 1000;
  const std::vector<TopK> top = Correlate(scores, truths, kKey, 0).top;
  EXPECT_EQ(top[0].k, 10);
  EXPECT_DOUBLE_EQ(top[0].precision, 0.9);  // 50 and 90 .. 98
  EXPECT_DOUBLE_EQ(top[0].regret, 1);       // 98 instead of 99
  EXPECT_EQ(top[2].k, 1);
  EXPECT_DOUBLE_EQ(top[2].precision, 0);
  EXPECT_DOUBLE_EQ(top[2].regret, 49);
}

TEST(Correlate, CountsTruthsTiedAtTheEdgeAsGood) {
  const Scores scores{4, 3, 2, 1, 0};
  const Values truths{5, 7, 7, 7, 1};
  const TopK one = Correlate(scores, truths, kKey, 0).top[2];
  EXPECT_EQ(one.k, 1);
  EXPECT_EQ(one.precision, 0);
  EXPECT_EQ(one.regret, 2);
  const Scores other{3, 2, 1, 4, 0};
  EXPECT_EQ(Correlate(other, truths, kKey, 0).top[2].precision, 1);
}

TEST(Correlate, AveragesOverScoresTiedAtTheEdge) {
  // k = 10 of 20 with equal scores: half of the best ten on average; the best is missed with
  // probability 1/2, the two best with 1/2 * 9/19, ...
  const Scores equal(20, 1.0);
  Values truths;
  for (int i = 0; i < 20; ++i) truths.push_back(i);
  const TopK ten = Correlate(equal, truths, kKey, 0).top[0];
  EXPECT_DOUBLE_EQ(ten.precision, 0.5);
  // The mean maximum of 10 out of 1 .. 20 is 10 * 21 / 11.
  EXPECT_NEAR(ten.regret, 20 - 10.0 * 21 / 11, 1e-12);

  // Simulated: 3 above the edge, 7 of 9 tied.
  Scores tied(20, 0.0);
  for (int i = 0; i < 12; ++i) tied[std::size_t(i * 7 % 20)] = i < 3 ? 2.0 : 1.0;
  const TopK measured = Correlate(tied, truths, kKey, 0).top[0];
  Rng rng(Key(1, "ties"));
  double precision = 0, best = 0;
  constexpr int kRounds = 20'000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::pair<double, int>> order;
    for (int i = 0; i < 20; ++i) order.emplace_back(*tied[std::size_t(i)] + 0.5 * rng.Uniform(), i);
    std::ranges::sort(order, std::greater());
    int highest = 0;
    for (int i = 0; i < 10; ++i) {
      precision += (order[std::size_t(i)].second >= 10) / 10.0 / kRounds;
      highest = std::max(highest, order[std::size_t(i)].second);
    }
    best += double(highest) / kRounds;
  }
  EXPECT_NEAR(measured.precision, precision, 0.01);
  EXPECT_NEAR(measured.regret, 19 - best, 0.05);
}

TEST(TauDifference, IsPairedAndTurnsWithTheOrder) {
  const Sample good = NoisySample(200, 20, "good"), poor = NoisySample(200, 200, "poor");
  const auto ahead = TauDifference(good.scores, poor.scores, good.truths, kKey, 300).value();
  const auto behind = TauDifference(poor.scores, good.scores, good.truths, kKey, 300).value();
  EXPECT_GT(ahead.low, 0);
  EXPECT_NEAR(ahead.low, -behind.high, 1e-12);
  EXPECT_NEAR(ahead.high, -behind.low, 1e-12);
  const double difference = *KendallTauB(Numbers(good.scores), good.truths) -
                            *KendallTauB(Numbers(poor.scores), good.truths);
  EXPECT_LT(ahead.low, difference);
  EXPECT_GT(ahead.high, difference);
}

TEST(TauDifference, IsZeroOfAScoreWithItself) {
  const Sample sample = NoisySample(100, 50, "self");
  const auto interval =
      TauDifference(sample.scores, sample.scores, sample.truths, kKey, 50).value();
  EXPECT_EQ(interval.low, 0);
  EXPECT_EQ(interval.high, 0);
  EXPECT_EQ(TauDifference({}, {}, {}, kKey), std::nullopt);
}

}  // namespace
}  // namespace mote
