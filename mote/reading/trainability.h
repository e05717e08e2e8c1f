// Trainability of AZ-NAS (Lee, Ham, CVPR 2024): whether a block hands back slopes of the size it
// was given. Higher is better; at most 0 but for the 1e-6.
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// Slopes of all images at one feature map, [images][height][width][channels].
struct SlopeMap {
  std::span<const double> slopes;
  int height = 1;
  int width = 1;
  int channels = 1;
};

// -sigma - 1 / (sigma + 1e-6) + 2 for sigma >= 0, the gain of a block.
double TrainabilityTerm(double sigma);

// The term of one block, with sigma the spectral norm of (slopes at its source)^T (slopes at its
// result) / (positions of all images), channels by channels. `result` holds the random +-1 that
// were fed into the block backwards, `source` what came out. Where the block halves the map (any
// whole factor), the source's pixels under one of the result count as channels. -inf if source
// and result are the same numbers: the block is an identity. A Failure (kDiverged) if slopes are
// not finite.
// O(positions channels^2 + channels^3).
Outcome<double> BlockTrainability(const SlopeMap& source, const SlopeMap& result);

}  // namespace mote
