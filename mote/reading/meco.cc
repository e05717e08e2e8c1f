#include "mote/reading/meco.h"

#include <cstddef>

#include "mote/base/check.h"
#include "mote/reading/correlation_matrix.h"
#include "mote/reading/spectrum.h"

namespace mote {

double SmallestCorrelationEigenvalue(std::span<const double> feature_map, int channels) {
  MOTE_CHECK(channels >= 1 && feature_map.size() % std::size_t(channels) == 0,
             "{} numbers in {} channels", feature_map.size(), channels);
  const std::size_t width = std::size_t(channels), positions = feature_map.size() / width;
  // The mean takes one degree of freedom, so that the rank is known without looking.
  if (positions <= width) return 0;
  return SemidefiniteEigenvalues(CorrelationOfColumns(feature_map, channels), channels).front();
}

}  // namespace mote
