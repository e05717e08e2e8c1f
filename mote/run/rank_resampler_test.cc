#include "mote/run/rank_resampler.h"

#include <gtest/gtest.h>

#include "mote/base/rng.h"
#include "mote/base/stats.h"

namespace mote {
namespace {

using Values = std::vector<double>;

Values Resampled(const Values& values, std::span<const int> items) {
  Values resampled;
  for (const int item : items) resampled.push_back(values[std::size_t(item)]);
  return resampled;
}

TEST(RankResampler, AgreesWithTheCorrelationsOfTheResampledSeries) {
  Rng rng(Key(1, "resample"));
  for (int trial = 0; trial < 300; ++trial) {
    const int count = 1 + int(rng.Below(60));
    const std::uint64_t bound_x = 1 + rng.Below(50), bound_y = 1 + rng.Below(50);
    Values x, y;
    for (int i = 0; i < count; ++i) {
      x.push_back(double(rng.Below(bound_x)) - 20);
      y.push_back(double(rng.Below(bound_y)) * 1e-3);
    }
    RankResampler resampler(x, y);
    for (int round = 0; round < 5; ++round) {
      std::vector<int> items;
      for (int i = 0; i < count; ++i) items.push_back(int(rng.Below(std::uint64_t(count))));
      const Values some_x = Resampled(x, items), some_y = Resampled(y, items);
      ASSERT_EQ(resampler.Tau(items), KendallTauB(some_x, some_y)) << "trial " << trial;
      const auto rho = resampler.Rho(items), slow_rho = SpearmanRho(some_x, some_y);
      ASSERT_EQ(rho.has_value(), slow_rho.has_value());
      if (rho) {
        ASSERT_NEAR(*rho, *slow_rho, 1e-12);
      }
    }
  }
}

TEST(RankResampler, TakesResamplesOfAnyLength) {
  RankResampler resampler(Values{1, 2, 3}, Values{1, 3, 2});
  EXPECT_EQ(resampler.Tau({}), std::nullopt);
  EXPECT_EQ(resampler.Rho({}), std::nullopt);
  const std::vector<int> twice{0, 1, 0, 1}, all{0, 1, 2}, same{2, 2, 2};
  EXPECT_EQ(resampler.Tau(twice), 1.0);
  EXPECT_EQ(resampler.Rho(twice), 1.0);
  EXPECT_DOUBLE_EQ(resampler.Tau(all).value(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(resampler.Rho(all).value(), 0.5);
  EXPECT_EQ(resampler.Tau(same), std::nullopt);
}

TEST(RankResampler, CountsPairsBeyond32Bits) {
  Values rising;
  std::vector<int> all;
  for (int i = 0; i < 200'000; ++i) {
    rising.push_back(i);
    all.push_back(i);
  }
  const Values falling(rising.rbegin(), rising.rend());
  EXPECT_EQ(RankResampler(rising, rising).Tau(all), 1.0);
  EXPECT_EQ(RankResampler(rising, falling).Tau(all), -1.0);
  EXPECT_DOUBLE_EQ(RankResampler(rising, falling).Rho(all).value(), -1.0);
}

}  // namespace
}  // namespace mote
