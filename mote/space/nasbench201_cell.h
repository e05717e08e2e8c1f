// The cell of NAS-Bench-201 as a value: four nodes, six edges, five operations. Inside of the
// spaces of such cells; others use SearchSpace and nasbench201.h.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mote/space/architecture.h"

namespace mote::nasbench201 {

inline constexpr std::string_view kSpaceName = "nasbench201";
inline constexpr int kNodes = 4;  // 0 is the cell's input, 3 its output
inline constexpr int kEdges = 6;
inline constexpr int kOperations = 5;

// In the benchmark's order.
enum class Operation { kNone, kSkip, kConv1x1, kConv3x3, kPool };

inline constexpr std::array<std::string_view, kOperations> kOperationNames = {
    "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"};

// In the order of the benchmark's strings. A node's value is the sum of its edges.
struct Edge {
  int target;
  int source;
};
inline constexpr std::array<Edge, kEdges> kEdgeList = {
    {{1, 0}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {3, 2}}};

using Cell = std::array<Operation, kEdges>;

// A violated contract (another space, decisions out of range) is a bug.
Cell CellOf(const std::vector<int>& decisions);
Cell CellOf(const Architecture& architecture);
std::vector<int> DecisionsOf(const Cell& cell);

// What stands on the edges, in words.
using EdgeWords = std::array<std::string, kEdges>;

// "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|".
std::string ToText(const Cell& cell);
std::string ToText(const EdgeWords& words);

// Reads the text above, with `zeros` for `none` if need be, or six digits in the order of the
// operations: "333333", "3,3,3,3,3,3", "(3, 3, 3, 3, 3, 3)". Throws Error(kInvalidArgument).
Cell Parse(std::string_view text);

// By edge: whether it is not `none`, the input reaches its source, and its target the output.
std::array<bool, kEdges> Liveness(const Cell& cell);
// Of edges that are `none` or not, whatever stands there.
std::array<bool, kEdges> Liveness(const std::array<bool, kEdges>& present);

// See CanonicalForm.
std::string Form(const Cell& cell);

// See SearchSpace::Draw. Words are ASCII and at most 19 long; an edge without any is `none`.
std::string Draw(const Cell& cell);
std::string Draw(const EdgeWords& words);

}  // namespace mote::nasbench201
