#include "mote/run/correlation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "mote/base/check.h"
#include "mote/run/rank_resampler.h"

namespace mote {
namespace {

// The order of the scores as finite numbers: ranks from 1 of those that have a value, 0 of others.
std::vector<double> RanksOf(std::span<const std::optional<double>> scores) {
  std::vector<double> present;
  std::vector<std::size_t> items;
  for (std::size_t item = 0; item < scores.size(); ++item) {
    if (!scores[item] || !std::isfinite(*scores[item])) continue;
    present.push_back(*scores[item]);
    items.push_back(item);
  }
  const std::vector<double> present_ranks = AverageRanks(present);
  std::vector<double> ranks(scores.size(), 0.0);
  for (std::size_t i = 0; i < items.size(); ++i) ranks[items[i]] = present_ranks[i];
  return ranks;
}

std::vector<double> Rounded(std::span<const double> truths) {
  std::vector<double> rounded;
  for (const double truth : truths) {
    MOTE_CHECK(std::isfinite(truth), "truth {}", truth);
    rounded.push_back(std::round(truth * 1e6) / 1e6);
  }
  return rounded;
}

std::optional<double> TauOfBest(std::span<const double> scores, std::span<const double> truths,
                                double share) {
  const double bar = Quantile({truths.begin(), truths.end()}, 1 - share);
  std::vector<double> best_scores, best_truths;
  for (std::size_t item = 0; item < truths.size(); ++item) {
    if (truths[item] < bar) continue;
    best_scores.push_back(scores[item]);
    best_truths.push_back(truths[item]);
  }
  return KendallTauB(best_scores, best_truths);
}

// `chosen` of the `tied` truths are taken at random, all ways alike: the mean of the best of them
// and `floor`.
double MeanBestOfChosen(std::vector<double> tied, int chosen, double floor) {
  std::ranges::sort(tied, std::greater());
  double mean = 0, none_so_far = 1;  // probability that no better one was chosen
  const int count = int(tied.size());
  for (int i = 0; i < count && i <= count - chosen; ++i) {
    const double this_one = none_so_far * chosen / (count - i);
    mean += this_one * std::max(tied[std::size_t(i)], floor);
    none_so_far *= double(count - i - chosen) / (count - i);
  }
  return mean;
}

TopK TakeBest(std::span<const double> scores, std::span<const double> truths, int k) {
  std::vector<double> sorted_scores(scores.begin(), scores.end());
  std::vector<double> sorted_truths(truths.begin(), truths.end());
  std::ranges::sort(sorted_scores, std::greater());
  std::ranges::sort(sorted_truths, std::greater());
  const double score_bar = sorted_scores[std::size_t(k) - 1];
  const double truth_bar = sorted_truths[std::size_t(k) - 1];

  int above = 0, good_above = 0, good_tied = 0;
  double best_above = -std::numeric_limits<double>::infinity();
  std::vector<double> tied;
  for (std::size_t item = 0; item < scores.size(); ++item) {
    const bool good = truths[item] >= truth_bar;
    if (scores[item] > score_bar) {
      ++above;
      good_above += good;
      best_above = std::max(best_above, truths[item]);
    } else if (scores[item] == score_bar) {
      tied.push_back(truths[item]);
      good_tied += good;
    }
  }
  const int chosen = k - above;  // of the tied, at least one
  TopK top;
  top.k = k;
  top.precision = (good_above + double(good_tied) * chosen / double(tied.size())) / k;
  top.regret = sorted_truths[0] - MeanBestOfChosen(std::move(tied), chosen, best_above);
  return top;
}

}  // namespace

Correlation Correlate(std::span<const std::optional<double>> scores, std::span<const double> truths,
                      const Key& key, int rounds) {
  MOTE_CHECK(scores.size() == truths.size(), "{} scores, {} truths", scores.size(), truths.size());
  Correlation result;
  result.count = int(scores.size());
  if (result.count == 0) return result;
  const std::vector<double> x = RanksOf(scores), y = Rounded(truths);
  result.tau = KendallTauB(x, y);
  result.rho = SpearmanRho(x, y);
  result.tau_top10 = TauOfBest(x, y, 0.1);
  RankResampler resampler(x, y);
  result.tau_interval = BootstrapInterval(
      result.count, [&](std::span<const int> items) { return resampler.Tau(items); }, key, rounds);
  result.rho_interval = BootstrapInterval(
      result.count, [&](std::span<const int> items) { return resampler.Rho(items); }, key, rounds);
  for (const int k : {10, 50, (result.count + 50) / 100, (result.count + 5) / 10}) {
    result.top.push_back(TakeBest(x, y, std::clamp(k, 1, result.count)));
  }
  return result;
}

std::optional<Interval> TauDifference(std::span<const std::optional<double>> a,
                                      std::span<const std::optional<double>> b,
                                      std::span<const double> truths, const Key& key, int rounds) {
  MOTE_CHECK(a.size() == truths.size() && b.size() == truths.size(), "{} and {} scores, {} truths",
             a.size(), b.size(), truths.size());
  const std::vector<double> y = Rounded(truths);
  RankResampler resampler_a(RanksOf(a), y), resampler_b(RanksOf(b), y);
  const auto difference = [&](std::span<const int> items) -> std::optional<double> {
    const std::optional<double> tau_a = resampler_a.Tau(items), tau_b = resampler_b.Tau(items);
    if (!tau_a || !tau_b) return std::nullopt;
    return *tau_a - *tau_b;
  };
  return BootstrapInterval(int(truths.size()), difference, key, rounds);
}

}  // namespace mote
