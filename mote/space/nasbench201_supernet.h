// The supernet of NAS-Bench-201: all its cells in one network, as searches that prune want it.
//
// Space nasbench201-supernet: on each of the six edges stands a set of operations other than
// `none`, 16^6 architectures. The value of an edge is the mean of its operations' values: what a
// softmax over equal weights of the operations that are left gives. An edge without any is `none`,
// and an architecture with at most one operation on each edge computes what the cell of the space
// nasbench201 with the same text does. Each architecture is a class of its own.
//
// Networks of this space share initial weights: they depend on the convolution's cell, edge and
// operation, not on what stands beside it (SearchSpace::shares_weights).
#pragma once

#include <memory>

#include "mote/space/search_space.h"

namespace mote {

std::unique_ptr<SearchSpace> MakeNasBench201Supernet();

}  // namespace mote
