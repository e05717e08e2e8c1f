// Mean and deviation of the colours of a split: what images are normalised with.
#pragma once

#include <array>
#include <span>

#include "mote/data/dataset.h"

namespace mote {

// Over all pixels of all images of a split, with values in [0, 1]; red, green, blue.
struct ChannelStatistics {
  std::array<double, 3> mean = {};
  std::array<double, 3> deviation = {};  // population
};

// Exact sums in integers, independent of order. O(pixels).
ChannelStatistics StatisticsOf(const Split& split);

// (x - mean) / deviation of images[..][3] in place; a channel without deviation is only centred.
void Normalise(const ChannelStatistics& statistics, std::span<double> images);

}  // namespace mote
