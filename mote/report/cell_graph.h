// A cell as nodes and edges, with what a drawing of it needs to know.
#pragma once

#include <string>
#include <vector>

#include "mote/space/search_space.h"

namespace mote {

struct CellEdge {
  int source = 0;
  int target = 0;  // > source
  std::string operation;
  bool is_none = false;
  bool is_live = false;  // not `none`, and on some path from the first node to the last
  int side = 0;          // 0: straight, to the next node; +1: an arc above the row, -1: below

  int span() const { return target - source; }
};

struct CellGraph {
  int nodes = 0;                // 0 is the cell's input, the last one its output
  std::vector<CellEdge> edges;  // in the order of the space's choices
  std::vector<bool> is_live;    // by node: on some path from the first node to the last
  bool is_connected = false;    // whether the output depends on the input
};

// Liveness is taken from the names of the choices, "edge 2<-0", and the option `none`. An arc lies
// on a side where it crosses no longer one, if there is one; with up to four nodes none cross.
// Throws Error(kUnsupported) if the choices of the space are not the edges of a cell.
CellGraph MakeCellGraph(const SearchSpace& space, const Architecture& architecture);

}  // namespace mote
