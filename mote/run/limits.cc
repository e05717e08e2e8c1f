#include "mote/run/limits.h"

#include <memory>
#include <unordered_map>
#include <vector>

#include "mote/base/error.h"

namespace mote {
namespace {

bool Within(const Limits& limits, const Cost& cost) {
  return (!limits.max_params || cost.params <= *limits.max_params) &&
         (!limits.max_macs || cost.macs <= *limits.max_macs);
}

}  // namespace

Cost DeployedCost(const SearchSpace& space, const Architecture& architecture, const Task& task) {
  return CountCost(space.Build(architecture, BenchmarkSkeleton(), task, BuildForm::kCanonical));
}

Feasible MakeFeasible(const SearchSpace& space, const Limits& limits, const Task& task,
                      const Table* table) {
  // A space that is searched is walked once; then a question is a look-up.
  constexpr std::int64_t kWalkable = std::int64_t(1) << 20;
  if (space.size() > kWalkable) {
    Throw(ErrorCode::kUnsupported,
          "the space {} has {} architectures, too many to search: a search looks at all of them "
          "first; search another one (mote list spaces)",
          space.name(), space.size());
  }
  auto feasible = std::make_shared<std::vector<char>>(space.size(), false);
  std::unordered_map<Hash128, Cost> costs;  // by class
  std::optional<std::pair<Cost, Architecture>> smallest;
  bool any = false;
  for (std::int64_t index = 0; index < space.size(); ++index) {
    const Architecture architecture = space.At(index);
    if (!space.IsConnected(architecture) || (table && !table->Contains(architecture))) continue;
    if (limits.any()) {
      const auto [entry, fresh] = costs.try_emplace(space.ClassId(architecture));
      if (fresh) entry->second = DeployedCost(space, architecture, task);
      const Cost& cost = entry->second;
      if (!smallest || std::pair(cost.params, cost.macs) <
                           std::pair(smallest->first.params, smallest->first.macs)) {
        smallest.emplace(cost, architecture);
      }
      if (!Within(limits, cost)) continue;
    }
    (*feasible)[index] = true;
    any = true;
  }
  if (!any && smallest) {
    Throw(ErrorCode::kInvalidArgument,
          "no architecture keeps these limits: the smallest connected network, {}, has {} "
          "parameters and {} multiply-adds; raise --max-params or --max-macs",
          smallest->second.text(), smallest->first.params, smallest->first.macs);
  }
  if (!any) {
    Throw(ErrorCode::kInvalidArgument, "table '{}' holds no connected architecture to propose",
          table ? table->name() : "");
  }
  return [&space, feasible](const Architecture& architecture) {
    return bool((*feasible)[space.IndexOf(architecture)]);
  };
}

}  // namespace mote
