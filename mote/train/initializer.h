// Weights before training.
#pragma once

#include <string_view>
#include <vector>

#include "mote/base/rng.h"
#include "mote/graph/network.h"

namespace mote {

enum class Initializer {
  kGlorotUniform,   // +-sqrt(6 / (k^2 (in + out))): Glorot & Bengio 2010; biases 0
  kKaimingUniform,  // +-sqrt(6 / ((1 + 5) k^2 in)) = +-1/sqrt(k^2 in), PyTorch's default, also for
                    // the bias of the same layer
  kKaimingNormalFanIn,   // N(0, 2 / (k^2 in)): He et al. 2015; biases 0
  kKaimingNormalFanOut,  // N(0, 2 / (k^2 out)); biases 0
  kStandardNormal,       // N(0, 1); biases 0
};

std::string_view Name(Initializer initializer);

// What weights are drawn from.
enum class WeightStreams {
  kInOrder,  // one stream, parameter by parameter in the network's order
  kByName,   // a stream for each parameter, by its name: networks with equal keys share weights
};

// Scales are 1, shifts 0.
std::vector<double> InitialParameters(const Network& network, Initializer initializer,
                                      const Key& key,
                                      WeightStreams streams = WeightStreams::kInOrder);

}  // namespace mote
