// From a cell of NAS-Bench-201, or a supernet of such cells, to a network. Inside of their spaces.
#pragma once

#include "mote/space/assemble.h"
#include "mote/space/nasbench201_sets.h"

namespace mote::nasbench201 {

// What the parts of a cell's convolutions are called, and so their parameters.
enum class Naming {
  kByEdge,       // "cell0.edge2-1.conv"
  kByOperation,  // "cell0.edge2-1.nor_conv_3x3.conv": the same whatever else is on the edge
};

// The value of an edge is the mean of its operations' values, that of a node the sum of its edges.
// An edge without operations adds nothing; a node that nothing enters is a zero where something
// reads it. Throws as Assemble does.
Network BuildNetwork(const OperationSets& cell, Naming naming, const Skeleton& skeleton,
                     const Task& task);

}  // namespace mote::nasbench201
