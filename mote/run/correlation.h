// How well scores rank: the measures of `mote correlate`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/base/rng.h"
#include "mote/base/stats.h"

namespace mote {

// Precision and regret of taking the best `k` by score. Where scores tie at the edge both are
// means over the ways to choose among the tied.
struct TopK {
  int k = 0;
  double precision = 0;  // share of them that lie in the true best k (ties at the edge count)
  double regret = 0;     // best truth of all minus best truth among them
};

struct Correlation {
  int count = 0;
  std::optional<double> tau;  // Kendall's tau-b
  std::optional<Interval> tau_interval;
  std::optional<double> rho;  // Spearman's
  std::optional<Interval> rho_interval;
  // tau-b inside the true best 10 %: truths not below their 90th percentile.
  std::optional<double> tau_top10;
  // For k = 10, 50, 1 %, 10 % of the population, in this order; each at least 1 and at most all.
  // Empty if the population is.
  std::vector<TopK> top;
};

// `scores`: higher is better; no value, or one that is not finite, ranks last, tied. Truths are
// finite and are rounded to 1e-6. Intervals are 95 % bootstrap over the items, from `key`; none
// with 0 rounds. 1,000 rounds over 10,000 items take a second or so.
Correlation Correlate(std::span<const std::optional<double>> scores, std::span<const double> truths,
                      const Key& key, int rounds = 1000);

// 95 % bootstrap interval of tau(a) - tau(b), both on the same resample.
std::optional<Interval> TauDifference(std::span<const std::optional<double>> a,
                                      std::span<const std::optional<double>> b,
                                      std::span<const double> truths, const Key& key,
                                      int rounds = 1000);

}  // namespace mote
