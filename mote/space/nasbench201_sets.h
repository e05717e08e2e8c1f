// The cell of NAS-Bench-201 with any number of operations on each edge, as a value: what a supernet
// of such cells decides, and a cell with at most one of them. Inside of the spaces of these cells,
// like nasbench201_cell.h.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mote/space/nasbench201_cell.h"
#include "mote/space/search_space.h"

namespace mote::nasbench201 {

inline constexpr std::string_view kSupernetName = "nasbench201-supernet";

// Operations on one edge. `none` is not among them: an edge without any is `none`.
class OperationSet {
 public:
  static constexpr int kSets = 1 << (kOperations - 1);  // that there are

  OperationSet() = default;
  // Bit i stands for Operation(i + 1); 0 .. kSets-1, a violation is a bug.
  explicit OperationSet(int bits);
  // Empty for `none`.
  explicit OperationSet(Operation operation) : bits_(BitOf(operation)) {}

  bool empty() const { return bits_ == 0; }
  bool Has(Operation operation) const { return (bits_ & BitOf(operation)) != 0; }
  void Add(Operation operation) { bits_ |= BitOf(operation); }
  int bits() const { return bits_; }
  // Without `none`, in the benchmark's order.
  std::vector<Operation> operations() const;

 private:
  static constexpr int BitOf(Operation operation) { return (1 << int(operation)) >> 1; }

  int bits_ = 0;
};

using OperationSets = std::array<OperationSet, kEdges>;

OperationSets SetsOf(const Cell& cell);
// Of the supernet's space: each decision is the bits of a set. A violated contract is a bug.
OperationSets SetsOf(const std::vector<int>& decisions);
OperationSets SetsOf(const Architecture& architecture);
std::vector<int> DecisionsOf(const OperationSets& sets);

// The names of the operations, joined by commas: "skip_connect,nor_conv_3x3"; "none".
std::string Name(OperationSet set);

// "|skip_connect,nor_conv_3x3~0|+|none~0|skip_connect~1|+|...": the text of a cell (ToText) if no
// edge has more than one operation.
std::string ToText(const OperationSets& sets);

// Reads the text above; the operations of an edge may stand in any order, `zeros` for `none`.
// Throws Error(kInvalidArgument).
OperationSets ParseSets(std::string_view text);

// As Draw of a cell; several operations of an edge by their short names: "skip 1x1 3x3 pool".
std::string Draw(const OperationSets& sets);

// By edge: whether it is not `none`, the input reaches its source, and its target the output.
std::array<bool, kEdges> Liveness(const OperationSets& sets);
// The same sets on live edges, nothing on the others.
OperationSets LivePart(const OperationSets& sets);
// Whether some edge other than `none` is not live.
bool HasDangling(const OperationSets& sets);
// Each operation of a live edge counts.
LiveEdges CountLive(const OperationSets& sets);

}  // namespace mote::nasbench201
