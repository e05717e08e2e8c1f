// Which operations of a network need not be computed: those that no path leads from to the logits,
// and those that repeat another one.
#pragma once

#include <vector>

#include "mote/graph/network.h"

namespace mote {

// By operation.
struct Redundancy {
  std::vector<bool> alive;   // a path leads to the logits
  std::vector<int> same_as;  // the first operation with the same value: often itself

  bool IsComputed(int op) const { return alive[op] && same_as[op] == op; }
};

// Two operations have the same value if they are alive, have no parameters and do the same to
// sources of the same value: the ReLUs of all edges that leave one node of a cell. Normalisations
// that are not affine keep the same running statistics if their momentum is the same too.
Redundancy FindRedundancy(const Network& network);

}  // namespace mote
