// Where the names of points stand, so that they cover little.
#pragma once

#include <string>
#include <vector>

#include "mote/report/chart_page.h"

namespace mote {

struct NamedPlace {
  double x = 0, y = 0;
  std::string name;
};

struct NameBox {
  Area area;
  std::string name;
  double x = 0, y = 0;  // of its point
  bool apart = false;   // too far from it to be understood without a line
};

// A box per name in the order of the places, each beside its point and, where that is possible,
// inside `frame`, off names that were placed before, and off obstacles, of which the points are
// some. O(places * (places + obstacles)).
std::vector<NameBox> PlaceNames(const std::vector<NamedPlace>& places,
                                const std::vector<Area>& obstacles, const Area& frame,
                                double font_size);

}  // namespace mote
