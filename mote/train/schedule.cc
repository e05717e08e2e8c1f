#include "mote/train/schedule.h"

#include <cmath>
#include <numbers>

#include "mote/base/check.h"

namespace mote {
namespace {

// Half a cosine from `from` at progress 0 to `to` at progress 1.
double Anneal(double from, double to, double progress) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

double OneCycle(double peak, int step, int steps) {
  constexpr double kWarmUpShare = 0.3, kStartDivisor = 25, kEndDivisor = 25e4;
  const double warm_up = kWarmUpShare * steps;
  if (step < warm_up) return peak / kStartDivisor + (peak - peak / kStartDivisor) * step / warm_up;
  return Anneal(peak, peak / kEndDivisor, (step - warm_up) / (steps - warm_up));
}

}  // namespace

std::string_view Name(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::kConstant:
      return "constant";
    case ScheduleKind::kCosine:
      return "cosine";
    case ScheduleKind::kOneCycle:
      return "one-cycle";
  }
  MOTE_CHECK(false, "unnamed schedule");
}

double Schedule::Rate(int step, int steps) const {
  MOTE_CHECK(0 <= step && step < steps, "step {} of {}", step, steps);
  switch (kind) {
    case ScheduleKind::kConstant:
      return peak;
    case ScheduleKind::kCosine:
      return Anneal(peak, 0, double(step) / steps);
    case ScheduleKind::kOneCycle:
      return OneCycle(peak, step, steps);
  }
  MOTE_CHECK(false, "unnamed schedule");
}

}  // namespace mote
