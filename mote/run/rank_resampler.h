// Rank correlations of many resamples of one paired series, fast.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace mote {

// Sorts the pairs (x, y) once; a resample is then only a count for each of them. Gives what
// KendallTauB and SpearmanRho give for the resampled series: tau bit for bit, rho to rounding.
// Tau is O(n log n) with a small constant (10,000 items in under a millisecond), rho O(n).
// Not thread-safe: it keeps its workspace.
class RankResampler {
 public:
  // x and y have equal length; no NaN.
  RankResampler(std::span<const double> x, std::span<const double> y);

  // Indices into x and y, with repetitions.
  std::optional<double> Tau(std::span<const int> items);
  std::optional<double> Rho(std::span<const int> items);

 private:
  void CountRepetitions(std::span<const int> items);

  std::vector<int> place_;      // of an item in the order of (x, y)
  std::vector<int> rank_x_;     // by place: 0, 1, ... without gaps, equal for equal values
  std::vector<int> rank_y_;     // by place
  std::vector<int> count_;      // by place: repetitions in the resample
  std::vector<int> count_x_;    // by rank of x
  std::vector<int> count_y_;    // by rank of y
  std::vector<int> tree_;       // Fenwick tree over the ranks of y seen so far
  std::vector<double> mean_x_;  // by rank of x: average rank in the resample, less the mean
  std::vector<double> mean_y_;
};

}  // namespace mote
