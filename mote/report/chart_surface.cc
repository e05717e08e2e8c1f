// Maps of a value over a plane, side by side, with contours, the way across, and one scale.
#include <fmt/format.h>

#include <cmath>

#include "mote/report/chart_draw.h"
#include "mote/report/chart_page.h"
#include "mote/report/chart_style.h"

namespace mote {
namespace {

constexpr double kSide = 360;
constexpr double kScaleWidth = 20;  // of the bar that explains the colours
constexpr int kContours = 10;

// From light to a dark that black lines are still seen on; lightness falls evenly.
constexpr const char* kPalette =
    "set palette defined (0 '#fffbe6', 0.25 '#e3dfb9', 0.5 '#a9bfa2', 0.75 '#6d95a0', 1 "
    "'#42658f')\n";

const char* kPathLine = "lw 2.2 lc rgb '#000000' dt solid";
const char* kPathPoint = "pt 7 ps 0.55 lc rgb '#000000'";
const char* kHalo = "lw 5 lc rgb '#ffffff' dt solid";
const char* kStart = "pt 6 ps 1.5 lw 2.2 lc rgb '#000000'";
const char* kStartGround = "pt 7 ps 1.7 lc rgb '#ffffff'";
const char* kEnd = "pt 13 ps 1.7 lc rgb '#000000'";
const char* kEndGround = "pt 13 ps 2.5 lc rgb '#ffffff'";

// Which values the colours span. A map without any is all white.
Axis ScaleOf(const SurfaceChart& chart) {
  std::vector<double> values;
  for (const SurfaceMap& map : chart.maps) {
    values.insert(values.end(), map.values.begin(), map.values.end());
  }
  Axis scale = AxisOf(values, chart.log_value);
  // The room that an axis has beyond its values would be colours that no place has.
  double low = NAN, high = NAN;
  for (const double value : values) {
    if (!std::isfinite(value) || (chart.log_value && value <= 0)) continue;
    low = std::fmin(low, value);
    high = std::fmax(high, value);
  }
  if (high > low) {
    scale.low = low;
    scale.high = high;
  }
  scale.ticks.clear();
  const auto levels = RoundValues(scale.low, scale.high, scale.log, kContours);
  double step = levels.size() > 1 ? levels[1] - levels[0] : levels.empty() ? 1 : levels[0];
  for (const double level : levels) {
    scale.ticks.push_back(
        {level, scale.log ? fmt::format("{:.6g}", level) : TickText(level, step)});
  }
  return scale;
}

// Up to the outer sides of the outer squares: an SVG shows all of them, whatever the axes say.
Axis PlaneAxis(const std::vector<double>& places) {
  Axis axis = LinearAxis(places, 5);
  const double half = (places.back() - places.front()) / double(places.size() - 1) / 2;
  axis.low = places.front() - half;
  axis.high = places.back() + half;
  std::erase_if(axis.ticks, [&](const Tick& tick) { return !axis.Shows(tick.value); });
  return axis;
}

std::string GridRows(const SurfaceMap& map, bool positive) {
  std::string rows;
  for (std::size_t row = 0; row < map.v.size(); ++row) {
    for (std::size_t column = 0; column < map.u.size(); ++column) {
      const double value = map.values[row * map.u.size() + column];
      rows += fmt::format("{} {} {}\n", map.u[column], map.v[row],
                          ScriptNumber(positive && value <= 0 ? NAN : value));
    }
    rows += "\n";
  }
  return rows;
}

std::string PathRows(const SurfaceMap& map, std::size_t from, std::size_t to) {
  std::string rows;
  for (std::size_t i = from; i < to; ++i) {
    rows += ScriptNumber(map.path_u[i]) + " " + ScriptNumber(map.path_v[i]) + "\n";
  }
  return rows;
}

bool HasValue(const SurfaceMap& map) {
  return std::any_of(map.values.begin(), map.values.end(),
                     [](double value) { return std::isfinite(value); });
}

// The lines as data of their own; a level that a map does not reach has none.
std::string Contours(const std::string& grid, const Axis& scale) {
  std::string levels;
  for (const Tick& tick : scale.ticks) {
    levels += fmt::format("{}{}", levels.empty() ? "" : ", ", tick.value);
  }
  return fmt::format(
      "set contour base\nunset surface\nset cntrparam levels discrete {0}\nset table "
      "{1}lines\nsplot {1} using 1:2:3\nunset table\nset surface\nunset contour\n",
      levels, grid);
}

std::vector<std::string> Plots(const SurfaceMap& map, const Axis& scale, bool positive,
                               ChartPage& page) {
  std::vector<std::string> plots;
  if (HasValue(map)) {
    const std::string grid = page.AddData(GridRows(map, positive));
    plots.push_back(grid + " using 1:2:3 with image");
    if (!scale.ticks.empty()) {
      page.Prepare(Contours(grid, scale));
      plots.push_back(
          fmt::format("{}lines using 1:2 with lines lw 0.9 lc rgb '{}' dt solid", grid, kInk));
    }
  }
  if (map.path_u.empty()) return plots;
  const std::size_t count = map.path_u.size();
  const std::string path = page.AddData(PathRows(map, 0, count));
  const std::string start = page.AddData(PathRows(map, 0, 1));
  const std::string end = page.AddData(PathRows(map, count - 1, count));
  plots.push_back(fmt::format("{} using 1:2 with lines {}", path, kHalo));
  plots.push_back(fmt::format("{} using 1:2 with lines {}", path, kPathLine));
  plots.push_back(fmt::format("{} using 1:2 with points {}", path, kPathPoint));
  for (const auto& [block, ground, look] :
       {std::tuple(start, kStartGround, kStart), std::tuple(end, kEndGround, kEnd)}) {
    plots.push_back(fmt::format("{} using 1:2 with points {}", block, ground));
    plots.push_back(fmt::format("{} using 1:2 with points {}", block, look));
  }
  return plots;
}

std::vector<LegendEntry> Legend(const SurfaceChart& chart) {
  const auto has_path = [](const SurfaceMap& map) { return !map.path_u.empty(); };
  if (std::none_of(chart.maps.begin(), chart.maps.end(), has_path)) return {};
  return {{.name = chart.path_name, .line = kPathLine, .point = kPathPoint},
          {.name = "its start", .point = kStart},
          {.name = "its end", .point = kEnd}};
}

// The bar of colours stands right of the last map, with a tick for each contour.
std::string ColourSettings(const Axis& scale, const std::string& place) {
  std::string ticks;
  for (const Tick& tick : scale.ticks) {
    ticks += fmt::format("{}{} {}", ticks.empty() ? "" : ", ", GnuplotText(tick.text), tick.value);
  }
  return fmt::format(
      "{}{} logscale cb\nset cbrange [{}:{}]\nset cbtics ({}) scale 0.6,0 font size_small tc rgb "
      "'{}'\n{}\n",
      kPalette, scale.log ? "set" : "unset", scale.low, scale.high, ticks, kInk, place);
}

}  // namespace

std::string DrawingOf(const SurfaceChart& chart) {
  const Axis scale = ScaleOf(chart);
  const double above = RoomAbove(TitlesOf(chart.maps), kSide);
  double width = 0;
  for (const SurfaceMap& map : chart.maps) {
    width += RoomLeft(PlaneAxis(map.v), map.v_label) + kSide + kRoomRight;
  }
  const double scale_left = width;
  width += kScaleWidth + RoomLeft(scale, chart.value_label);
  ChartPage page(chart.text, Legend(chart), width, above + kSide + kRoomBelow);
  double left = 0;
  for (std::size_t i = 0; i < chart.maps.size(); ++i) {
    const SurfaceMap& map = chart.maps[i];
    const Axis v = PlaneAxis(map.v);
    left += RoomLeft(v, map.v_label);
    const Area bar = {scale_left, above, kScaleWidth, kSide};
    const std::string place =
        i + 1 < chart.maps.size() || scale.ticks.empty() ? "unset colorbox" : page.ColourBar(bar);
    page.AddPanel({.area = {left, above, kSide, kSide},
                   .title = map.title,
                   .x_label = map.u_label,
                   .y_label = map.v_label,
                   .x = PlaneAxis(map.u),
                   .y = v,
                   .grid = false,
                   .zero_line = false},
                  Plots(map, scale, chart.log_value, page), ColourSettings(scale, place));
    left += kSide + kRoomRight;
  }
  page.AddText(chart.value_label, width - 10, above + kSide / 2, Align::kCenter, TextSize::kBase,
               true);
  return page.Script();
}

}  // namespace mote
