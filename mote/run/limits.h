// Which architectures a search may propose: connected, within the user's limits, in the table.
#pragma once

#include <cstdint>
#include <optional>

#include "mote/graph/cost.h"
#include "mote/run/table.h"
#include "mote/space/operators.h"

namespace mote {

// Of the benchmark's network of an architecture for the user's images and classes, as it would be
// trained and shipped: dead operations left out.
struct Limits {
  std::optional<std::int64_t> max_params;
  std::optional<std::int64_t> max_macs;

  bool any() const { return max_params || max_macs; }
};

Cost DeployedCost(const SearchSpace& space, const Architecture& architecture, const Task& task);

// Throws Error(kInvalidArgument) if nothing is feasible, naming the smallest connected network, and
// Error(kUnsupported) if the space has more than a million architectures.
// `table` may be null; else only its rows are feasible. Costs a second for a space of 15,625 cells
// with limits; asking the result is then a look-up.
Feasible MakeFeasible(const SearchSpace& space, const Limits& limits, const Task& task,
                      const Table* table);

}  // namespace mote
