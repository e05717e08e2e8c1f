// Curves, in panels side by side. Intervals lie below all curves.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mote/report/chart_draw.h"
#include "mote/report/chart_page.h"
#include "mote/report/chart_style.h"

namespace mote {
namespace {

constexpr double kLineHeight = 330;
constexpr double kLinePoint = 0.75;
// On long curves a shape stands at every so-manieth point only.
constexpr std::size_t kMostShapes = 14;

std::vector<double> ValuesOnX(const LinePanel& panel) {
  std::vector<double> values;
  for (const LineSeries& series : panel.series) {
    values.insert(values.end(), series.x.begin(), series.x.end());
  }
  return values;
}

std::vector<double> ValuesOnY(const LinePanel& panel) {
  std::vector<double> values;
  for (const LineSeries& series : panel.series) {
    for (const auto* part : {&series.y, &series.low, &series.high}) {
      values.insert(values.end(), part->begin(), part->end());
    }
  }
  return values;
}

std::vector<Axis> AxesOfY(const LineChart& chart) {
  std::vector<std::vector<double>> values;
  for (const LinePanel& panel : chart.panels) values.push_back(ValuesOnY(panel));
  return RowOfAxes(values, chart.shared_y, chart.log_y);
}

// x, y, low, high; a curve is interrupted where it is not drawn.
std::string Rows(const LineSeries& series, bool log_x, bool log_y) {
  std::string rows;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (log_x && !(series.x[i] > 0)) continue;
    const double y = log_y && !(series.y[i] > 0) ? NAN : series.y[i];
    const double low = series.low.empty() ? NAN : series.low[i];
    const double high = series.high.empty() ? NAN : series.high[i];
    rows += fmt::format("{} {} {} {}\n", ScriptNumber(series.x[i]), ScriptNumber(y),
                        ScriptNumber(low), ScriptNumber(high));
  }
  return rows;
}

std::string IntervalPlot(const std::string& block, int number, IntervalForm form) {
  if (form == IntervalForm::kBand) {
    return fmt::format("{} using 1:3:4 with filledcurves {}", block, BandLook(number));
  }
  return fmt::format("{} using 1:2:3:4 with yerrorbars pt -1 {} dt solid lw 1.2", block,
                     ColourLook(number));
}

std::vector<std::string> Plots(const LinePanel& panel, const LineChart& chart,
                               SeriesNumbers& numbers, ChartPage& page) {
  std::vector<std::string> intervals, curves;
  for (const LineSeries& series : panel.series) {
    const std::string rows = Rows(series, panel.log_x, chart.log_y);
    const int number = numbers.Of(series.name);
    if (rows.empty()) continue;
    const std::string block = page.AddData(rows);
    if (!series.low.empty()) intervals.push_back(IntervalPlot(block, number, chart.intervals));
    const std::size_t stride = (series.x.size() + kMostShapes - 1) / kMostShapes;
    curves.push_back(fmt::format("{} using 1:2 with lines {}", block, LineLook(number)));
    const std::string shapes = PointLook(number, PointFill::kFilled, kLinePoint);
    // Not those of neighbours at the same places.
    curves.push_back(fmt::format("{} using 1:2 every {}::{} with points {}", block, stride,
                                 stride > 1 ? std::size_t(number) * stride / 4 % stride : 0,
                                 shapes));
    // Where it ends is often what is looked for.
    if (stride > 1) {
      curves.push_back(fmt::format("{} using 1:2 every ::{} with points {}", block,
                                   std::count(rows.begin(), rows.end(), '\n') - 1, shapes));
    }
  }
  intervals.insert(intervals.end(), curves.begin(), curves.end());
  return intervals;
}

std::vector<LegendEntry> Legend(const SeriesNumbers& numbers) {
  std::vector<LegendEntry> legend;
  for (int number = 0; number < int(numbers.names().size()); ++number) {
    legend.push_back({.name = numbers.names()[std::size_t(number)],
                      .line = LineLook(number),
                      .point = PointLook(number, PointFill::kFilled, kLinePoint)});
  }
  return legend;
}

}  // namespace

std::string DrawingOf(const LineChart& chart) {
  SeriesNumbers numbers;
  for (const LinePanel& panel : chart.panels) {
    for (const LineSeries& series : panel.series) numbers.Of(series.name);
  }
  const std::vector<Axis> y_axes = AxesOfY(chart);
  const double panel_width = PanelWidth(chart.panels.size());
  const double above = RoomAbove(TitlesOf(chart.panels), panel_width);
  double width = 0;
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    width += RoomLeft(y_axes[i], chart.panels[i].y_label) + panel_width + kRoomRight;
  }
  ChartPage page(chart.text, Legend(numbers), width, above + kLineHeight + kRoomBelow);
  double left = 0;
  for (std::size_t i = 0; i < chart.panels.size(); ++i) {
    const LinePanel& panel = chart.panels[i];
    left += RoomLeft(y_axes[i], panel.y_label);
    const std::vector<double> x = ValuesOnX(panel);
    page.AddPanel({.area = {left, above, panel_width, kLineHeight},
                   .title = panel.title,
                   .x_label = panel.x_label,
                   .y_label = panel.y_label,
                   .x = AxisOf(x, panel.log_x),
                   .y = y_axes[i]},
                  Plots(panel, chart, numbers, page));
    left += panel_width + kRoomRight;
  }
  return page.Script();
}

}  // namespace mote
