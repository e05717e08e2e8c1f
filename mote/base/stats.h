// The statistics of rankings: correlation, its uncertainty, and the Box-Cox transform.
//
// All functions are pure. Undefined cases (a constant series, fewer than two pairs) return no
// value rather than NaN. Inputs must be finite; a caller that has non-finite scores ranks them
// last first.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "mote/base/rng.h"

namespace mote {

// Ranks 1 .. n, ascending; ties share their average.
std::vector<double> AverageRanks(std::span<const double> values);

// Kendall's tau-b (Kendall 1945): (concordant - discordant) / sqrt(pairs untied in x * untied in
// y). O(n log n) (Knight 1966). x and y have equal length.
std::optional<double> KendallTauB(std::span<const double> x, std::span<const double> y);

// Spearman's rho: Pearson's correlation of average ranks.
std::optional<double> SpearmanRho(std::span<const double> x, std::span<const double> y);

std::optional<double> PearsonR(std::span<const double> x, std::span<const double> y);

struct Interval {
  double low = 0;
  double high = 0;
};

// A statistic of a resample, given as indices into the original items (with repetitions).
using ResampleStatistic = std::function<std::optional<double>(std::span<const int> items)>;

// Percentile bootstrap (Efron 1979): the central `level` of the statistic over `rounds` resamples
// of `count` items. Resamples without a value are left out; none at all gives no interval.
// Paired differences come from a statistic that computes both on the same resample.
std::optional<Interval> BootstrapInterval(int count, const ResampleStatistic& statistic,
                                          const Key& key, int rounds = 1000, double level = 0.95);

// Quantile q in [0, 1] with linear interpolation (type 7 of Hyndman and Fan 1996). Not empty.
double Quantile(std::vector<double> values, double q);
double Mean(std::span<const double> values);
// Population standard deviation (divisor n).
double StandardDeviation(std::span<const double> values);

// (x^lambda - 1) / lambda, ln x at lambda = 0 (Box and Cox 1964). x > 0, or x = 0 with lambda > 0.
double BoxCox(double x, double lambda);

struct BoxCoxFit {
  double lambda = 1;
  double mean = 0;   // of the transformed values
  double sigma = 1;  // their population standard deviation
};

// The lambda in [-5, 5] that maximises (lambda-1) sum ln x - n/2 ln var B(x; lambda).
// Throws Error(kInvalidArgument) on fewer than 3 values, a value <= 0, or all equal.
BoxCoxFit FitBoxCox(std::span<const double> values);

}  // namespace mote
