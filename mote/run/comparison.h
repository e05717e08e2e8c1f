// Estimates side by side: how well each ranks a set of architectures, over one or several score
// seeds, and by how much it leads a reference.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/run/correlation.h"

namespace mote {

// One series of scores over the same architectures per score seed; higher is better, no value where
// the estimate failed.
using SeedScores = std::vector<std::vector<std::optional<double>>>;

struct Contender {
  std::string name;
  SeedScores scores;  // at least one seed
};

struct Comparison {
  std::string name;
  // Means over the seeds of what Correlate gives for each; rho_interval only with a single seed.
  // tau_interval is that of the mean tau, all seeds on the same resample of architectures.
  Correlation mean;
  // Mean tau minus the reference's, with its paired 95 % bootstrap interval.
  std::optional<double> lead;
  std::optional<Interval> lead_interval;
};

// Of the architectures `members` (indices into the scores and truths). `reference` may be null.
// Missing scores rank last, tied. Cost: 1,000 rank correlations per contender and seed.
std::vector<Comparison> Compare(const std::vector<Contender>& contenders,
                                std::span<const double> truths, std::span<const int> members,
                                const Contender* reference, const Key& key);

}  // namespace mote
