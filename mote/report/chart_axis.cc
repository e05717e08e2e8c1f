#include "mote/report/chart_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mote {
namespace {

// Beyond, differences are no numbers any more.
constexpr double kLargest = 1e300;
constexpr double kRoom = 0.04;  // of an axis, on both sides of what it shows

// 1, 2 or 5 times a power of ten, of these the one whose ratio to `step` is nearest to 1.
double RoundStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  const double factor = step / power;
  return power * (factor < std::sqrt(2)    ? 1
                  : factor < std::sqrt(10) ? 2
                  : factor < std::sqrt(50) ? 5
                                           : 10);
}

struct Range {
  double low = 0;
  double high = 0;
  bool empty = true;
};

Range RangeOf(std::span<const double> values, bool positive) {
  Range range;
  for (const double value : values) {
    if (!(std::abs(value) <= kLargest) || (positive && value <= 0)) continue;
    range.low = range.empty ? value : std::min(range.low, value);
    range.high = range.empty ? value : std::max(range.high, value);
    range.empty = false;
  }
  return range;
}

// Multiples of `step`. Not by adding up, which would gather errors.
std::vector<double> Multiples(double low, double high, double step) {
  std::vector<double> values;
  const double slack = 1e-9 * step;
  for (double i = std::ceil((low - slack) / step); i * step <= high + slack; ++i) {
    values.push_back(i == 0 ? 0.0 : i * step);
    if (values.size() > 1000) break;  // a step that vanishes beside the ends
  }
  return values;
}

std::vector<double> RoundRatios(double low, double high, int count) {
  const int first = int(std::floor(std::log10(low))), last = int(std::ceil(std::log10(high)));
  const double decades = std::log10(high / low);
  // Few decades: 1, 2, 5 of each; less than one: even steps; many: every so many decades.
  if (decades < 0.7) return Multiples(low, high, RoundStep((high - low) / count));
  std::vector<double> values;
  const int stride = std::max(1, int(std::ceil(decades / (count + 1))));
  for (int decade = first; decade <= last; ++decade) {
    if ((decade % stride + stride) % stride != 0) continue;
    for (const int factor : {1, 2, 5}) {
      if (factor > 1 && (decades > 0.5 * count || stride > 1)) break;
      const double value = factor * std::pow(10, decade);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push_back(value);
    }
  }
  return values;
}

}  // namespace

double Axis::Share(double value) const {
  if (log) return std::log(value / low) / std::log(high / low);
  return (value - low) / (high - low);
}

std::vector<double> RoundValues(double low, double high, bool log, int count) {
  if (log) return RoundRatios(low, high, count);
  return Multiples(low, high, RoundStep((high - low) / count));
}

std::string TickText(double value, double step) {
  if (value == 0) return "0";
  if (std::abs(value) >= 1e6 || step < 1e-5) return fmt::format("{:.6g}", value);
  const int digits = std::max(0, -int(std::floor(std::log10(step) + 1e-9)));
  return fmt::format("{:.{}f}", value, digits);
}

Axis LinearAxis(std::span<const double> values, int ticks) {
  Range range = RangeOf(values, false);
  if (range.empty) range = {.low = 0, .high = 1};
  // Also where rounding would leave nothing between the ends.
  const double least = 1e-9 * std::max(std::abs(range.low), std::abs(range.high));
  if (range.high - range.low <= least) {
    const double around = range.low == 0 ? 0.5 : 0.1 * std::abs(range.low);
    range.low -= around;
    range.high += around;
  }
  const double room = kRoom * (range.high - range.low);
  Axis axis{.low = range.low - room, .high = range.high + room};
  const double step = RoundStep((axis.high - axis.low) / ticks);
  for (const double value : Multiples(axis.low, axis.high, step)) {
    axis.ticks.push_back({value, TickText(value, step)});
  }
  return axis;
}

Axis LogAxis(std::span<const double> values, int ticks) {
  Range range = RangeOf(values, true);
  if (range.empty) range = {.low = 1, .high = 10};
  if (range.high < 1.2 * range.low) {
    range.low /= 1.2;
    range.high *= 1.2;
  }
  const double room = std::pow(range.high / range.low, kRoom);
  Axis axis{.low = range.low / room, .high = range.high * room, .log = true};
  for (const double value : RoundRatios(axis.low, axis.high, ticks)) {
    axis.ticks.push_back({value, fmt::format("{:.6g}", value)});
  }
  return axis;
}

std::vector<Axis> RowOfAxes(const std::vector<std::vector<double>>& values, bool shared, bool log) {
  std::vector<Axis> axes;
  std::vector<double> all;
  for (const std::vector<double>& panel : values) {
    axes.push_back(AxisOf(panel, log));
    all.insert(all.end(), panel.begin(), panel.end());
  }
  if (shared) axes.assign(axes.size(), AxisOf(all, log));
  return axes;
}

}  // namespace mote
