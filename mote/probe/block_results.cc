#include "mote/probe/block_results.h"

#include <fmt/format.h>

#include <string_view>

namespace mote {
namespace {

// The last operation whose name starts with `prefix`; `otherwise` if none does.
int LastOf(const Network& network, std::string_view prefix, int otherwise) {
  for (int op = int(network.ops().size()) - 1; op >= 0; --op) {
    if (network.op(op).name.starts_with(prefix)) return op;
  }
  return otherwise;
}

}  // namespace

std::vector<int> BlockResults(const Network& network, const Skeleton& skeleton) {
  int at = LastOf(network, "stem.", 0);
  std::vector<int> results = {at};
  int cells = 0;
  for (std::size_t s = 0; s < skeleton.stages.size(); ++s) {
    const Stage& stage = skeleton.stages[s];
    if (stage.before == Reduction::kAvgPool) at = network.Find(fmt::format("pool{}", s));
    if (stage.before == Reduction::kResidualBlock) {
      at = network.Find(fmt::format("block{}.sum", s));
      results.push_back(at);
    }
    for (int i = 0; i < stage.cells; ++i) {
      at = LastOf(network, fmt::format("cell{}.", cells++), at);
      results.push_back(at);
    }
  }
  return results;
}

}  // namespace mote
