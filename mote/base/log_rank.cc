#include "mote/base/log_rank.h"

#include <cmath>
#include <limits>

#include "mote/base/stats.h"

namespace mote {

std::vector<double> RanksFromLowest(std::span<const std::optional<double>> values) {
  std::vector<double> finite;
  finite.reserve(values.size());
  for (const std::optional<double>& value : values) {
    finite.push_back(value && std::isfinite(*value) ? *value
                                                    : -std::numeric_limits<double>::infinity());
  }
  return AverageRanks(finite);
}

std::vector<double> LogRanks(std::span<const std::optional<double>> values) {
  std::vector<double> ranks = RanksFromLowest(values);
  for (double& rank : ranks) rank = std::log(rank / double(values.size()));
  return ranks;
}

}  // namespace mote
