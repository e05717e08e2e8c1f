// Points, in panels side by side: open shapes, those of the front filled and joined by stairs.
#include <fmt/format.h>

#include <cmath>

#include "mote/report/chart_draw.h"
#include "mote/report/chart_front.h"
#include "mote/report/chart_names.h"
#include "mote/report/chart_page.h"
#include "mote/report/chart_style.h"

namespace mote {
namespace {

// Of a panel; more for those with many names, which must not cover each other.
constexpr double kLeastHeight = 380, kMostHeight = 640, kHeightOfName = 16;
constexpr std::size_t kFewNames = 10;
constexpr double kScatterPoint = 0.85;

std::string FrontLook() { return fmt::format("lw 1.6 lc rgb '{}' dt (5,2.5)", kFrame); }

std::vector<double> Values(const ScatterPanel& panel, double ScatterPoint::*member) {
  std::vector<double> values;
  for (const ScatterSeries& series : panel.series) {
    for (const ScatterPoint& point : series.points) values.push_back(point.*member);
  }
  return values;
}

std::vector<Axis> AxesOfY(const ScatterChart& chart) {
  std::vector<std::vector<double>> values;
  for (const ScatterPanel& panel : chart.panels) {
    values.push_back(Values(panel, &ScatterPoint::y));
  }
  return RowOfAxes(values, chart.shared_y, false);
}

bool IsDrawn(const ScatterPoint& point, bool log_x) {
  return std::isfinite(point.x) && std::isfinite(point.y) && (!log_x || point.x > 0);
}

std::vector<std::string> Plots(const ScatterPanel& panel, SeriesNumbers& numbers, ChartPage& page) {
  std::vector<std::string> plots, members;
  const auto front = FrontMembers(panel);
  for (std::size_t s = 0; s < panel.series.size(); ++s) {
    const ScatterSeries& series = panel.series[s];
    const int number = numbers.Of(series.name);
    std::string open, filled;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const ScatterPoint& point = series.points[i];
      if (!IsDrawn(point, panel.log_x)) continue;
      (panel.front && front[s][i] ? filled : open) += fmt::format("{} {}\n", point.x, point.y);
    }
    if (!open.empty()) {
      plots.push_back(fmt::format("{} using 1:2 with points {}", page.AddData(open),
                                  PointLook(number, PointFill::kOpen, kScatterPoint)));
    }
    if (!filled.empty()) {
      members.push_back(fmt::format("{} using 1:2 with points {}", page.AddData(filled),
                                    PointLook(number, PointFill::kFilled, 1.2 * kScatterPoint)));
    }
  }
  if (panel.front) {
    std::string stairs;
    for (const ScatterPoint& point : FrontLine(panel)) {
      stairs += fmt::format("{} {}\n", point.x, point.y);
    }
    if (!stairs.empty()) {
      plots.push_back(fmt::format("{} using 1:2 with steps {}", page.AddData(stairs), FrontLook()));
    }
  }
  plots.insert(plots.end(), members.begin(), members.end());
  return plots;
}

void AddNames(const ScatterPanel& panel, const PanelFrame& frame, ChartPage& page) {
  const Area& area = frame.area;
  const auto x_of = [&](double x) { return area.left + area.width * frame.x.Share(x); };
  const auto y_of = [&](double y) { return area.bottom() - area.height * frame.y.Share(y); };
  std::vector<NamedPlace> places;
  std::vector<Area> obstacles;
  for (const ScatterSeries& series : panel.series) {
    for (const ScatterPoint& point : series.points) {
      if (!IsDrawn(point, panel.log_x)) continue;
      const double x = x_of(point.x), y = y_of(point.y);
      obstacles.push_back({x - 4, y - 4, 8, 8});
      if (!point.name.empty()) places.push_back({x, y, point.name});
    }
  }
  if (panel.front) {
    const std::vector<ScatterPoint> line = FrontLine(panel);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const double left = x_of(line[i - 1].x), right = x_of(line[i].x);
      const double low = y_of(line[i - 1].y), high = y_of(line[i].y);
      obstacles.push_back({left, low - 3, right - left, 6});
      obstacles.push_back({right - 3, high, 6, low - high});
    }
  }
  for (const NameBox& box : PlaceNames(places, obstacles, area, FontSize(TextSize::kSmall))) {
    const Area& text = box.area;
    if (box.apart) {
      page.AddLine(box.x, box.y, std::clamp(box.x, text.left, text.right()),
                   std::clamp(box.y, text.top, text.bottom()));
    }
    page.AddText(box.name, text.left + text.width / 2, text.top + text.height / 2, Align::kCenter,
                 TextSize::kSmall);
  }
}

double PanelHeight(const ScatterChart& chart) {
  std::size_t most = kFewNames;
  for (const ScatterPanel& panel : chart.panels) {
    std::size_t names = 0;
    for (const ScatterSeries& series : panel.series) {
      names += std::size_t(std::count_if(series.points.begin(), series.points.end(),
                                         [](const auto& point) { return !point.name.empty(); }));
    }
    most = std::max(most, names);
  }
  return std::min(kMostHeight, kLeastHeight + kHeightOfName * double(most - kFewNames));
}

std::vector<LegendEntry> Legend(const ScatterChart& chart, const SeriesNumbers& numbers) {
  std::vector<LegendEntry> legend;
  const auto& names = numbers.names();
  if (names.size() > 1 || (names.size() == 1 && !names[0].empty())) {
    for (int number = 0; number < int(names.size()); ++number) {
      legend.push_back({.name = names[std::size_t(number)],
                        .point = PointLook(number, PointFill::kOpen, kScatterPoint)});
    }
  }
  const auto has_front = [](const ScatterPanel& panel) { return panel.front; };
  if (std::any_of(chart.panels.begin(), chart.panels.end(), has_front)) {
    legend.push_back({.name = "Pareto front (filled)", .line = FrontLook()});
  }
  return legend;
}

}  // namespace

std::string DrawingOf(const ScatterChart& chart) {
  SeriesNumbers numbers;
  for (const ScatterPanel& panel : chart.panels) {
    for (const ScatterSeries& series : panel.series) numbers.Of(series.name);
  }
  const std::vector<Axis> y_axes = AxesOfY(chart);
  const double panel_width = PanelWidth(chart.panels.size());
  const double above = RoomAbove(TitlesOf(chart.panels), panel_width);
  double width = 0;
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    width += RoomLeft(y_axes[i], chart.panels[i].y_label) + panel_width + kRoomRight;
  }
  const double height = PanelHeight(chart);
  ChartPage page(chart.text, Legend(chart, numbers), width, above + height + kRoomBelow);
  double left = 0;
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    const ScatterPanel& panel = chart.panels[i];
    left += RoomLeft(y_axes[i], panel.y_label);
    const std::vector<double> x = Values(panel, &ScatterPoint::x);
    const PanelFrame frame = {.area = {left, above, panel_width, height},
                              .title = panel.title,
                              .x_label = panel.x_label,
                              .y_label = panel.y_label,
                              .x = AxisOf(x, panel.log_x),
                              .y = y_axes[i]};
    page.AddPanel(frame, Plots(panel, numbers, page));
    AddNames(panel, frame, page);
    left += panel_width + kRoomRight;
  }
  return page.Script();
}

}  // namespace mote
