#include "mote/reading/finite.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mote {

bool AllFinite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

Failure NotFinite(std::string_view what) {
  return {FailureKind::kDiverged, fmt::format("{} are infinite or not a number", what)};
}

}  // namespace mote
