// From a skeleton and a cell to a network: shared by all spaces of cells.
#pragma once

#include <functional>
#include <string>

#include "mote/graph/network.h"
#include "mote/space/skeleton.h"

namespace mote {

// Appends one cell that reads operation `src` and returns the operation that is its output, of the
// same shape. The names of its operations start with `prefix`: "cell3.".
using CellBuilder = std::function<int(NetworkBuilder& builder, const std::string& prefix, int src)>;

// Stem, stages of cells, head. Operations are named
//
//   [stem.conv stem.bn [stem.relu|stem.gelu]]
//   cell<i>.*, i counted through all stages
//   pool<s>, or block<s>.{relu_a,conv_a,bn_a,relu_b,conv_b,bn_b,pool,conv_shortcut,sum}: before
//     stage s, both counted from 0
//   [head.bn head.relu] head.pool head.linear
//
// Throws Error(kInvalidArgument) if the skeleton contradicts itself (no stage, channels that change
// outside a residual block) or the images do not fit it, saying which side or channels would.
Network Assemble(const Skeleton& skeleton, const Task& task, const CellBuilder& cell);

}  // namespace mote
