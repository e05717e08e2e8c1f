#include "mote/probe/line.h"

#include <algorithm>

#include "mote/base/check.h"
#include "mote/base/rng.h"

namespace mote {

std::vector<double> PointOnLine(std::span<const double> from, std::span<const double> to,
                                double share) {
  MOTE_CHECK(from.size() == to.size());
  std::vector<double> point(from.size());
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = (1 - share) * from[i] + share * to[i];
  return point;
}

PreparedData LineImages(const PreparedData& data, int count, std::uint64_t seed, int replicate) {
  Rng rng(Key(seed, "probe", "line", replicate));
  return data.Take(
      rng.Sample(data.images(), count > 0 ? std::min(count, data.images()) : data.images()));
}

}  // namespace mote
