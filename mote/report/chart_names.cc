#include "mote/report/chart_names.h"

#include <algorithm>
#include <limits>

#include "mote/report/svg_text.h"

namespace mote {
namespace {

double Overlap(const Area& left, const Area& right) {
  const double width = std::min(left.right(), right.right()) - std::max(left.left, right.left);
  const double height = std::min(left.bottom(), right.bottom()) - std::max(left.top, right.top);
  return width > 0 && height > 0 ? width * height : 0;
}

double Outside(const Area& box, const Area& frame) {
  return box.width * box.height - Overlap(box, frame);
}

// From the place that reads best to the one that reads worst.
std::vector<Area> Ring(const NamedPlace& place, double off, double width, double height) {
  const double right = place.x + off, left = place.x - off - width;
  const double above = place.y - off - height, below = place.y + off;
  const double middle_x = place.x - width / 2, middle_y = place.y - height / 2;
  std::vector<Area> boxes;
  for (const auto& [x, y] :
       {std::pair(right, middle_y), std::pair(middle_x, above), std::pair(left, middle_y),
        std::pair(middle_x, below), std::pair(right, above), std::pair(left, above),
        std::pair(right, below), std::pair(left, below)}) {
    boxes.push_back({x, y, width, height});
  }
  return boxes;
}

// Between those: for names that already have a line to their point.
std::vector<Area> Between(const NamedPlace& place, double off, double width, double height) {
  std::vector<Area> boxes;
  for (const double x : {place.x + off, place.x - off - width}) {
    for (const double y : {place.y - off / 2 - height, place.y + off / 2}) {
      boxes.push_back({x, y, width, height});
    }
  }
  for (const double y : {place.y - off - height, place.y + off}) {
    for (const double x : {place.x - off / 2 - width, place.x + off / 2}) {
      boxes.push_back({x, y, width, height});
    }
  }
  return boxes;
}

}  // namespace

std::vector<NameBox> PlaceNames(const std::vector<NamedPlace>& places,
                                const std::vector<Area>& obstacles, const Area& frame,
                                double font_size) {
  std::vector<NameBox> boxes;
  for (const NamedPlace& place : places) {
    const double width = EstimateTextWidth(place.name, font_size), height = 1.15 * font_size;
    NameBox best = {.area = {}, .name = place.name, .x = place.x, .y = place.y};
    double least = std::numeric_limits<double>::infinity();
    int rank = 0;
    // The outer rings are for crowds.
    for (const double off : {5.0, 14.0, 24.0, 36.0, 54.0, 76.0, 102.0}) {
      std::vector<Area> ring = Ring(place, off, width, height);
      if (off > 5) {
        const std::vector<Area> between = Between(place, off, width, height);
        ring.insert(ring.end(), between.begin(), between.end());
      }
      for (const Area& box : ring) {
        // A name on a name is lost, one outside may be cut, one on a point is ugly.
        double cost = 1e-3 * rank++ + 20 * Outside(box, frame);
        for (const NameBox& other : boxes) cost += 10 * Overlap(box, other.area);
        for (const Area& obstacle : obstacles) cost += 3 * Overlap(box, obstacle);
        if (cost >= least) continue;
        least = cost;
        best.area = box;
        best.apart = off > 5;
      }
    }
    boxes.push_back(best);
  }
  return boxes;
}

}  // namespace mote
