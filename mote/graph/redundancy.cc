#include "mote/graph/redundancy.h"

#include <array>
#include <map>
#include <tuple>

namespace mote {

Redundancy FindRedundancy(const Network& network) {
  const int size = int(network.ops().size());
  Redundancy found = {.alive = std::vector<bool>(size), .same_as = std::vector<int>(size)};
  found.alive.back() = true;
  for (int i = size - 1; i >= 0; --i) {
    if (!found.alive[i]) continue;
    for (int src : network.op(i).src) found.alive[src] = true;
  }
  std::map<std::tuple<OpKind, std::vector<int>, std::array<int, 6>, double, double>, int> known;
  for (int i = 0; i < size; ++i) {
    found.same_as[i] = i;
    const Op& op = network.op(i);
    if (!found.alive[i] || !op.parameters.empty() || op.kind == OpKind::kInput) continue;
    std::vector<int> sources;
    for (int src : op.src) sources.push_back(found.same_as[src]);
    const std::array<int, 6> attributes = {op.kernel,         op.stride,       op.padding,
                                           op.shape.channels, op.shape.height, op.shape.width};
    const auto key = std::tuple(op.kind, sources, attributes, op.epsilon, op.momentum);
    found.same_as[i] = known.emplace(key, i).first->second;
  }
  return found;
}

}  // namespace mote
