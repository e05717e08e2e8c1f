// A cell as a picture.
#pragma once

#include <string>

#include "mote/space/search_space.h"

namespace mote {

// A complete, self-contained SVG document: the cell of a NAS-Bench-201-like space (complete DAG
// whose choices are edges "i<-j") as nodes and labelled edges, live edges solid and coloured by
// operation, dangling ones pale and dashed, `none` left out; `caption` lines stand below. Readable
// on white and on dark backgrounds. Deterministic.
std::string CellSvg(const SearchSpace& space, const Architecture& architecture,
                    const std::vector<std::string>& caption);

}  // namespace mote
