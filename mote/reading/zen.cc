#include "mote/reading/zen.h"

#include <cmath>

#include "mote/base/stats.h"
#include "mote/reading/finite.h"

namespace mote {

Outcome<double> ZenDifference(std::span<const double> features, std::span<const double> moved,
                              int images) {
  MOTE_CHECK(
      images >= 1 && features.size() == moved.size() && features.size() % std::size_t(images) == 0,
      "{} and {} features of {} images", features.size(), moved.size(), images);
  double sum = 0;
  for (std::size_t i = 0; i < features.size(); ++i) sum += std::abs(features[i] - moved[i]);
  if (!std::isfinite(sum)) return NotFinite("features");
  return std::log(sum / double(images));
}

Outcome<double> ZenScale(std::span<const double> running_variance) {
  if (!AllFinite(running_variance)) return NotFinite("running variances");
  const double mean = Mean(running_variance);
  MOTE_CHECK(mean >= 0, "mean variance {}", mean);
  return 0.5 * std::log(mean);
}

}  // namespace mote
