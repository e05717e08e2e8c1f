#include "mote/report/chart_front.h"

#include <algorithm>
#include <cmath>

namespace mote {
namespace {

struct Place {
  std::size_t series = 0;
  std::size_t point = 0;
};

// From the cheapest to the dearest.
std::vector<Place> Front(const ScatterPanel& panel) {
  std::vector<Place> places;
  const auto at = [&](Place place) -> const ScatterPoint& {
    return panel.series[place.series].points[place.point];
  };
  for (std::size_t s = 0; s < panel.series.size(); ++s) {
    for (std::size_t i = 0; i < panel.series[s].points.size(); ++i) {
      const ScatterPoint& point = at({s, i});
      const bool drawn = std::isfinite(point.x) && std::isfinite(point.y);
      if (drawn && (!panel.log_x || point.x > 0)) places.push_back({s, i});
    }
  }
  std::stable_sort(places.begin(), places.end(), [&](Place left, Place right) {
    return at(left).x != at(right).x ? at(left).x < at(right).x : at(left).y > at(right).y;
  });
  std::vector<Place> front;
  for (const Place place : places) {
    if (front.empty() || at(place).y > at(front.back()).y) front.push_back(place);
  }
  return front;
}

}  // namespace

std::vector<std::vector<bool>> FrontMembers(const ScatterPanel& panel) {
  std::vector<std::vector<bool>> members;
  for (const ScatterSeries& series : panel.series) {
    members.emplace_back(series.points.size(), false);
  }
  for (const Place place : Front(panel)) members[place.series][place.point] = true;
  return members;
}

std::vector<ScatterPoint> FrontLine(const ScatterPanel& panel) {
  std::vector<ScatterPoint> line;
  for (const Place place : Front(panel)) {
    line.push_back(panel.series[place.series].points[place.point]);
  }
  return line;
}

}  // namespace mote
