// Random numbers for the tests of this folder.
#pragma once

#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "mote/base/rng.h"

namespace mote {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Independent standard normal numbers; the same for the same name and seed.
inline std::vector<double> Normals(std::string_view name, int seed, int count) {
  Rng rng(Key(std::uint64_t(seed), name));
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(rng.Normal());
  return values;
}

}  // namespace mote
