// What a network costs, counted by walking its operations.
#pragma once

#include <cstdint>

#include "mote/graph/network.h"

namespace mote {

struct Cost {
  std::int64_t params = 0;            // trainable scalars
  std::int64_t macs = 0;              // multiply-adds of one image's forward pass
  std::int64_t conv_weights = 0;      // the part of params in convolution kernels, no biases
  std::int64_t activation_bytes = 0;  // float32 results of all operations for one image
};

// MACs follow the rule of NAS-Bench-201: convolutions and linear layers, the linear bias counted
// as one each; the bias of a convolution, normalisation, pooling and sums are free.
Cost CountCost(const Network& network);

}  // namespace mote
