#include "mote/space/nasbench201_cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/base/check.h"

namespace mote::nasbench201 {
namespace {

std::string_view TermName(Operation operation) {
  switch (operation) {
    case Operation::kConv1x1:
      return "conv_1x1";
    case Operation::kConv3x3:
      return "conv_3x3";
    case Operation::kPool:
      return "pool";
    case Operation::kNone:
    case Operation::kSkip:
      break;
  }
  MOTE_CHECK(false, "operation {} is no term", int(operation));
}

std::string Sum(std::vector<std::string>& terms) {
  std::sort(terms.begin(), terms.end());
  return fmt::format("{}", fmt::join(terms, " + "));
}

}  // namespace

Cell CellOf(const std::vector<int>& decisions) {
  MOTE_CHECK(decisions.size() == kEdges, "{} decisions", decisions.size());
  Cell cell;
  for (int e = 0; e < kEdges; ++e) {
    MOTE_CHECK(decisions[e] >= 0 && decisions[e] < kOperations, "decision {} is {}", e,
               decisions[e]);
    cell[e] = Operation(decisions[e]);
  }
  return cell;
}

Cell CellOf(const Architecture& architecture) {
  MOTE_CHECK(architecture.space() == kSpaceName, "{} is of space {}", architecture.text(),
             architecture.space());
  return CellOf(architecture.decisions());
}

std::vector<int> DecisionsOf(const Cell& cell) {
  std::vector<int> decisions;
  for (Operation operation : cell) decisions.push_back(int(operation));
  return decisions;
}

std::string ToText(const Cell& cell) {
  EdgeWords words;
  for (int e = 0; e < kEdges; ++e) words[e] = kOperationNames[int(cell[e])];
  return ToText(words);
}

std::string ToText(const EdgeWords& words) {
  std::string text;
  for (int e = 0; e < kEdges; ++e) {
    const auto [target, source] = kEdgeList[e];
    if (source == 0) text += target == 1 ? "|" : "+|";
    text += fmt::format("{}~{}|", words[e], source);
  }
  return text;
}

std::array<bool, kEdges> Liveness(const Cell& cell) {
  std::array<bool, kEdges> present;
  for (int e = 0; e < kEdges; ++e) present[e] = cell[e] != Operation::kNone;
  return Liveness(present);
}

std::array<bool, kEdges> Liveness(const std::array<bool, kEdges>& present) {
  // The order of the edges is topological: one pass forward, one backward.
  std::array<bool, kNodes> reached = {true};
  for (int e = 0; e < kEdges; ++e) {
    const auto [target, source] = kEdgeList[e];
    if (present[e] && reached[source]) reached[target] = true;
  }
  std::array<bool, kNodes> useful = {};
  useful[kNodes - 1] = true;
  for (int e = kEdges; e-- > 0;) {
    const auto [target, source] = kEdgeList[e];
    if (present[e] && useful[target]) useful[source] = true;
  }
  std::array<bool, kEdges> live = {};
  for (int e = 0; e < kEdges; ++e) {
    const auto [target, source] = kEdgeList[e];
    live[e] = present[e] && reached[source] && useful[target];
  }
  return live;
}

std::string Form(const Cell& cell) {
  std::array<std::vector<std::string>, kNodes> terms = {{{"x"}}};
  std::array<std::string, kNodes> sums = {"x"};
  for (int e = 0; e < kEdges; ++e) {
    const auto [target, source] = kEdgeList[e];
    if (cell[e] != Operation::kNone && !terms[source].empty()) {
      if (cell[e] == Operation::kSkip) {
        terms[target].insert(terms[target].end(), terms[source].begin(), terms[source].end());
      } else {
        terms[target].push_back(fmt::format("{}({})", TermName(cell[e]), sums[source]));
      }
    }
    if (source == target - 1) sums[target] = Sum(terms[target]);  // its last edge
  }
  return terms[kNodes - 1].empty() ? "0" : sums[kNodes - 1];
}

}  // namespace mote::nasbench201
