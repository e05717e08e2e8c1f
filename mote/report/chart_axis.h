// Scales of charts: which numbers an axis shows, and where.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace mote {

struct Tick {
  double value = 0;
  std::string text;
};

// Holds at least one finite length: low < high, and low > 0 if logarithmic.
struct Axis {
  double low = 0;
  double high = 1;
  bool log = false;
  std::vector<Tick> ticks = {};  // inside, rising

  // Where a value stands, from 0 at low to 1 at high; beyond them where it is outside.
  double Share(double value) const;
  // Whether it stands inside, or so little outside that only rounding puts it there.
  bool Shows(double value) const { return std::abs(Share(value) - 0.5) <= 0.5 + 1e-9; }
};

// What an axis must show: the finite ones, and above 0 if logarithmic. None: 0 to 1, or 1 to 10.
// Ticks are multiples of 1, 2 or 5 times a power of ten, some `ticks` of them.
Axis LinearAxis(std::span<const double> values, int ticks = 6);
Axis LogAxis(std::span<const double> values, int ticks = 6);
inline Axis AxisOf(std::span<const double> values, bool log, int ticks = 6) {
  return log ? LogAxis(values, ticks) : LinearAxis(values, ticks);
}

// Of panels in a row, by what each must show: each its own, or, shared, all the same.
std::vector<Axis> RowOfAxes(const std::vector<std::vector<double>>& values, bool shared, bool log);

// Some `count` round values between the ends, in steps as above; of a logarithmic axis in ratios.
std::vector<double> RoundValues(double low, double high, bool log, int count);

// "0.05", "300", "2e-07": with the digits that a step of this size needs.
std::string TickText(double value, double step);

}  // namespace mote
