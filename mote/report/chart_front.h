// The Pareto front of a scatter chart: cheap and good.
#pragma once

#include <vector>

#include "mote/report/chart.h"

namespace mote {

// By series and point: whether no other point of the panel is better, which is lower or equal in x
// and higher or equal in y, and not equal in both. Of equal points the first one counts. Points
// that are not finite, or not above 0 in x where x is logarithmic, are no members. O(n log n).
std::vector<std::vector<bool>> FrontMembers(const ScatterPanel& panel);

// The same points, x and y rising.
std::vector<ScatterPoint> FrontLine(const ScatterPanel& panel);

}  // namespace mote
