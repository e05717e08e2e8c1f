// The figures of a comparison of methods.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mote/cli/compare_results.h"
#include "mote/report/chart.h"

namespace mote::cli {

// Accuracy of what is found against the cost of finding it; what is printed in a shape of its own.
// `protocol` says how it was measured.
ScatterChart CostChart(const std::vector<MethodResult>& results,
                       const std::vector<std::string>& targets, const std::string& protocol);

// By how much the best so far is worse than the best of the table, against cost, of the methods
// `shown`; with a band over runs. `best`: the table's highest accuracy on each target.
LineChart RegretChart(const std::vector<MethodResult>& results, const std::vector<double>& best,
                      const std::vector<std::string>& shown,
                      const std::vector<std::string>& targets, const std::string& protocol);

// Ranks by an estimate against the true ones, a panel per estimate; 1 is the best.
struct RankedEstimate {
  std::string name;
  std::vector<double> ranks;
  std::optional<double> tau = {};
};
ScatterChart RankChart(const std::vector<RankedEstimate>& estimates,
                       const std::vector<double>& true_ranks, const std::string& target,
                       const std::string& caption);

}  // namespace mote::cli
