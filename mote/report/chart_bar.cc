// Groups of bars. Places across the bars are pixels; along them, values.
#include <fmt/format.h>

#include <cmath>

#include "mote/report/chart_draw.h"
#include "mote/report/chart_page.h"
#include "mote/report/chart_style.h"
#include "mote/report/svg_text.h"

namespace mote {
namespace {

constexpr double kLength = 560;         // of the axis of values, lying
constexpr double kUprightHeight = 320;  // upright
constexpr double kWidest = 900;         // upright
constexpr double kWidestName = 460;
constexpr double kThickness = 15;      // of a lying bar
constexpr double kNarrowest = 420;     // upright
constexpr double kMostThickness = 64;  // of an upright one
constexpr double kGroupGap = 10;       // lying; upright, the share below
constexpr double kGroupGapShare = 0.25;
constexpr double kValueGap = 5;

std::string ValueText(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "-";
}

class BarDrawing {
 public:
  explicit BarDrawing(const BarChart& chart) : chart_(chart), count_(int(chart.series.size())) {
    for (const BarSeries& series : chart.series) {
      for (const double value : series.values) {
        value_width_ = std::max(value_width_, EstimateTextWidth(ValueText(value, chart.digits),
                                                                FontSize(TextSize::kSmall)));
      }
    }
    for (const std::string& full : chart.groups) {
      const std::string& name = names_.emplace_back(FitText(full, TextSize::kBase, kWidestName));
      name_width_ = std::max(name_width_, EstimateTextWidth(name, FontSize(TextSize::kBase)));
    }
    const double bar = value_width_ + kValueGap;
    group_width_ = std::max(count_ * bar / (1 - kGroupGapShare), name_width_ + 12);
    const double groups = double(std::max<std::size_t>(chart.groups.size(), 1));
    upright_ = group_width_ * groups <= kWidest;
    group_width_ = std::max(group_width_, kNarrowest / groups);
  }

  std::string Draw() const { return upright_ ? DrawUpright() : DrawLying(); }

 private:
  // With room for values written at the ends of the bars; `room` is its share of the axis.
  Axis ValueAxis(double room) const {
    std::vector<double> values = {0};
    for (const BarSeries& series : chart_.series) {
      for (const auto* part : {&series.values, &series.low, &series.high}) {
        values.insert(values.end(), part->begin(), part->end());
      }
    }
    const Axis tight = LinearAxis(values);
    const double more = room / (1 - room) * (tight.high - tight.low);
    values.push_back(tight.high + more);
    const bool negative = std::any_of(values.begin(), values.end(), [](double v) { return v < 0; });
    if (negative) values.push_back(tight.low - more);
    Axis axis = LinearAxis(values);
    if (!negative) axis.low = 0;  // where the bars begin
    return axis;
  }

  // The end of a bar or, beyond it, of its interval.
  double EndOf(const BarSeries& series, std::size_t group) const {
    const double value = series.values[group];
    if (!std::isfinite(value)) return 0;
    if (series.low.empty()) return value;
    const double end = value < 0 ? series.low[group] : series.high[group];
    return std::isfinite(end) && std::abs(end) > std::abs(value) ? end : value;
  }

  std::vector<LegendEntry> Legend() const {
    std::vector<LegendEntry> legend;
    if (count_ < 2 && (count_ == 0 || chart_.series[0].name.empty())) return legend;
    for (int s = 0; s < count_; ++s) {
      legend.push_back({.name = chart_.series[std::size_t(s)].name, .fill = FillLook(s, count_)});
    }
    return legend;
  }

  // A line with caps, each stroke as place and length.
  std::string IntervalLines(double middle, double cap, double low, double high) const {
    std::string lines;
    const auto stroke = [&](double along, double across, double length, double breadth) {
      lines += upright_ ? fmt::format("{} {} {} {}\n", across, along, breadth, length)
                        : fmt::format("{} {} {} {}\n", along, across, length, breadth);
    };
    if (!std::isfinite(low) || !std::isfinite(high)) return lines;
    stroke(low, middle, high - low, 0);
    stroke(low, middle - cap, 0, 2 * cap);
    stroke(high, middle - cap, 0, 2 * cap);
    return lines;
  }

  // place(group, series): the two sides of a bar across its length.
  template <typename Place>
  std::vector<std::string> Plots(ChartPage& page, const Place& place) const {
    std::vector<std::string> bars, intervals;
    for (int s = 0; s < count_; ++s) {
      const BarSeries& series = chart_.series[std::size_t(s)];
      std::string rectangles, lines;
      for (std::size_t group = 0; group < chart_.groups.size(); ++group) {
        const double value = series.values[group];
        if (!std::isfinite(value)) continue;
        const auto [from, to] = place(group, s);
        const double middle = (from + to) / 2;
        const double start = std::min(value, 0.0), end = std::max(value, 0.0);
        rectangles += upright_
                          ? fmt::format("{} {} {} {} {} {}\n", middle, value, from, to, start, end)
                          : fmt::format("{} {} {} {} {} {}\n", value, middle, start, end, from, to);
        if (!series.low.empty()) {
          lines += IntervalLines(middle, (to - from) / 4, series.low[group], series.high[group]);
        }
      }
      if (!rectangles.empty()) {
        bars.push_back(fmt::format("{} using 1:2:3:4:5:6 with boxxyerror {}",
                                   page.AddData(rectangles), FillLook(s, count_)));
      }
      if (!lines.empty()) {
        // Dark within a white line: seen on every fill.
        const std::string block = page.AddData(lines);
        for (const std::string& look :
             {std::string("lw 3.5 lc rgb '#ffffff'"), fmt::format("lw 1.3 lc rgb '{}'", kInk)}) {
          intervals.push_back(fmt::format("{} using 1:2:3:4 with vectors nohead {}", block, look));
        }
      }
    }
    bars.insert(bars.end(), intervals.begin(), intervals.end());
    return bars;
  }

  std::string DrawLying() const {
    const double group_height = count_ * kThickness + kGroupGap;
    const double height = group_height * double(chart_.groups.size()) + kGroupGap;
    const double left = name_width_ + 12;
    const Axis x = ValueAxis((value_width_ + 2 * kValueGap) / kLength);
    ChartPage page(chart_.text, Legend(), left + kLength + kRoomRight, height + kRoomBelow + 8);
    const Area area = {left, 8, kLength, height};
    const auto place = [&](std::size_t group, int s) {
      const double from = kGroupGap + group_height * double(group) + kThickness * s;
      return std::pair(from, from + kThickness);
    };
    page.AddPanel({.area = area,
                   .title = {},
                   .x_label = chart_.value_label,
                   .y_label = {},
                   .x = x,
                   .y = {.low = height, .high = 0},
                   .zero_line = false},
                  Plots(page, place), fmt::format("set yzeroaxis lt 1 lw 1 lc rgb '{}'\n", kInk));
    for (std::size_t group = 0; group < chart_.groups.size(); ++group) {
      const double middle =
          area.top + kGroupGap + group_height * double(group) + count_ * kThickness / 2;
      page.AddText(names_[group], left - 10, middle, Align::kRight, TextSize::kBase);
      for (int s = 0; s < count_; ++s) {
        const BarSeries& series = chart_.series[std::size_t(s)];
        const auto [from, to] = place(group, s);
        const bool leftward = series.values[group] < 0;
        const double end = area.left + area.width * x.Share(EndOf(series, group));
        page.AddText(ValueText(series.values[group], chart_.digits),
                     end + (leftward ? -kValueGap : kValueGap), area.top + (from + to) / 2,
                     leftward ? Align::kRight : Align::kLeft, TextSize::kSmall);
      }
    }
    return page.Script();
  }

  std::string DrawUpright() const {
    const Axis y = ValueAxis(24 / kUprightHeight);
    const double bar =
        std::min((group_width_ * (1 - kGroupGapShare)) / std::max(count_, 1), kMostThickness);
    const double width = std::max(group_width_ * double(chart_.groups.size()), kNarrowest);
    const double left = RoomLeft(y, chart_.value_label);
    ChartPage page(chart_.text, Legend(), left + width + kRoomRight, kUprightHeight + 40);
    const Area area = {left, 8, width, kUprightHeight};
    const auto place = [&](std::size_t group, int s) {
      const double from = group_width_ * (double(group) + 0.5) + bar * (s - count_ / 2.0);
      return std::pair(from, from + bar);
    };
    page.AddPanel({.area = area,
                   .title = {},
                   .x_label = {},
                   .y_label = chart_.value_label,
                   .x = {.low = 0, .high = width},
                   .y = y},
                  Plots(page, place));
    for (std::size_t group = 0; group < chart_.groups.size(); ++group) {
      page.AddText(names_[group], left + group_width_ * (double(group) + 0.5), area.bottom() + 18,
                   Align::kCenter, TextSize::kBase);
      for (int s = 0; s < count_; ++s) {
        const BarSeries& series = chart_.series[std::size_t(s)];
        const auto [from, to] = place(group, s);
        const double end = area.bottom() - area.height * y.Share(EndOf(series, group));
        page.AddText(ValueText(series.values[group], chart_.digits), left + (from + to) / 2,
                     end + (series.values[group] < 0 ? 10 : -10), Align::kCenter, TextSize::kSmall);
      }
    }
    return page.Script();
  }

  const BarChart& chart_;
  int count_ = 0;
  std::vector<std::string> names_;  // as they are written
  double value_width_ = 0;
  double name_width_ = 0;
  double group_width_ = 0;  // upright
  bool upright_ = false;
};

}  // namespace

std::string DrawingOf(const BarChart& chart) { return BarDrawing(chart).Draw(); }

}  // namespace mote
