#include "mote/reading/meco.h"

#include <cstddef>
#include <vector>

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
  std::vector<double> rows(feature_map.size());
  for (std::size_t position = 0; position < positions; ++position) {
    for (std::size_t channel = 0; channel < width; ++channel) {
      rows[channel * positions + position] = feature_map[position * width + channel];
    }
  }
  return SemidefiniteEigenvalues(CorrelationOfRows(rows, channels), channels).front();
}

}  // namespace mote
