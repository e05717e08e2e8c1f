// Every kind of chart as a script for gnuplot (chart_page.h).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "mote/report/chart.h"
#include "mote/report/chart_axis.h"

namespace mote {

std::string DrawingOf(const LineChart& chart);
std::string DrawingOf(const BarChart& chart);
std::string DrawingOf(const ScatterChart& chart);
std::string DrawingOf(const SurfaceChart& chart);

// Names in the order in which they are met: the number of a series' look.
class SeriesNumbers {
 public:
  int Of(const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found != names_.end()) return int(found - names_.begin());
    names_.push_back(name);
    return int(names_.size()) - 1;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

template <typename Panels>
std::vector<std::string> TitlesOf(const Panels& panels) {
  std::vector<std::string> titles;
  for (const auto& panel : panels) titles.push_back(panel.title);
  return titles;
}

// The room within the axes of one of `panels` panels in a row.
inline double PanelWidth(std::size_t panels) { return panels <= 1 ? 620 : panels == 2 ? 430 : 340; }

}  // namespace mote
