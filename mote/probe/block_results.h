// Where the blocks of an assembled network end (space/assemble.h).
#pragma once

#include <vector>

#include "mote/graph/network.h"
#include "mote/space/skeleton.h"

namespace mote {

// The operations that are the results of the stem (the images, if there is none), of each residual
// block and of each cell, in the network's order: 1 + blocks + cells. A cell whose result is what
// it was given (a skip) has the operation before it, which so appears again. A pooling between
// stages is no block of its own but begins the cell behind it.
std::vector<int> BlockResults(const Network& network, const Skeleton& skeleton);

}  // namespace mote
