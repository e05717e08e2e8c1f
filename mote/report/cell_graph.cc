#include "mote/report/cell_graph.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

// "edge 2<-0"
std::optional<CellEdge> ParseEdge(std::string_view name) {
  constexpr std::string_view kPrefix = "edge ";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  CellEdge edge;
  const char* const end = name.data() + name.size();
  const auto target = std::from_chars(name.data() + kPrefix.size(), end, edge.target);
  if (target.ec != std::errc() || !std::string_view(target.ptr, end).starts_with("<-")) {
    return std::nullopt;
  }
  const auto source = std::from_chars(target.ptr + 2, end, edge.source);
  const bool is_edge = source.ec == std::errc() && source.ptr == end && edge.source >= 0 &&
                       edge.source < edge.target && edge.target < 100;
  return is_edge ? std::optional(edge) : std::nullopt;
}

void MarkLive(CellGraph& cell) {
  std::vector<bool> from_input(cell.nodes), to_output(cell.nodes);
  from_input.front() = to_output.back() = true;
  // Edges point from lower to higher nodes, so one walk in order of nodes settles each direction.
  for (int node = 0; node < cell.nodes; ++node) {
    for (const CellEdge& edge : cell.edges) {
      if (edge.is_none) continue;
      if (edge.target == node && from_input[edge.source]) from_input[node] = true;
      const int mirrored = cell.nodes - 1 - node;
      if (edge.source == mirrored && to_output[edge.target]) to_output[mirrored] = true;
    }
  }
  for (CellEdge& edge : cell.edges) {
    edge.is_live = !edge.is_none && from_input[edge.source] && to_output[edge.target];
  }
  for (int node = 0; node < cell.nodes; ++node) {
    cell.is_live.push_back(from_input[node] && to_output[node]);
  }
  cell.is_connected = from_input.back();
}

void PlaceArcs(CellGraph& cell) {
  std::vector<CellEdge*> arcs;
  for (CellEdge& edge : cell.edges) {
    if (edge.span() > 1) arcs.push_back(&edge);
  }
  std::stable_sort(arcs.begin(), arcs.end(),
                   [](const CellEdge* a, const CellEdge* b) { return a->span() > b->span(); });
  for (CellEdge* arc : arcs) {
    const auto is_free = [&arcs, arc](int side) {
      return std::none_of(arcs.begin(), arcs.end(), [arc, side](const CellEdge* other) {
        const bool crosses = (arc->source < other->source && other->source < arc->target &&
                              arc->target < other->target) ||
                             (other->source < arc->source && arc->source < other->target &&
                              other->target < arc->target);
        return other->side == side && crosses;
      });
    };
    arc->side = is_free(+1) ? +1 : (is_free(-1) ? -1 : +1);
  }
}

}  // namespace

CellGraph MakeCellGraph(const SearchSpace& space, const Architecture& architecture) {
  CellGraph cell;
  const std::vector<Choice>& choices = space.choices();
  MOTE_CHECK(architecture.decisions().size() == choices.size(), "'{}' is not of the space '{}'",
             architecture.text(), space.name());
  for (std::size_t i = 0; i < choices.size(); ++i) {
    std::optional<CellEdge> edge = ParseEdge(choices[i].name);
    if (!edge) {
      Throw(ErrorCode::kUnsupported,
            "cannot draw architectures of the space '{}': its choice '{}' is no edge of a cell",
            space.name(), choices[i].name);
    }
    edge->operation = choices[i].options.at(architecture.decisions()[i]);
    edge->is_none = edge->operation == "none";
    cell.nodes = std::max(cell.nodes, edge->target + 1);
    cell.edges.push_back(*edge);
  }
  if (cell.edges.empty()) {
    Throw(ErrorCode::kUnsupported, "cannot draw architectures of the space '{}': it has no choices",
          space.name());
  }
  MarkLive(cell);
  PlaceArcs(cell);
  return cell;
}

}  // namespace mote
