#include "mote/data/channel_statistics.h"

#include <cmath>
#include <cstdint>

namespace mote {

ChannelStatistics StatisticsOf(const Split& split) {
  constexpr double kLargest = 255;
  std::array<std::uint64_t, 3> sum = {}, square = {};
  for (std::size_t i = 0; i < split.pixels.size(); ++i) {
    const std::uint64_t value = split.pixels[i];
    sum[i % 3] += value;
    square[i % 3] += value * value;
  }
  const double count = double(split.pixels.size()) / 3;
  ChannelStatistics statistics;
  for (int c = 0; c < 3; ++c) {
    // In the difference of the integers nothing is lost that doubles can hold.
    const double mean = double(sum[c]) / count;
    const double variance = double(square[c]) / count - mean * mean;
    statistics.mean[c] = mean / kLargest;
    statistics.deviation[c] = std::sqrt(variance > 0 ? variance : 0) / kLargest;
  }
  return statistics;
}

void Normalise(const ChannelStatistics& statistics, std::span<double> images) {
  for (std::size_t i = 0; i < images.size(); ++i) {
    const double deviation = statistics.deviation[i % 3];
    images[i] = (images[i] - statistics.mean[i % 3]) / (deviation > 0 ? deviation : 1);
  }
}

}  // namespace mote
