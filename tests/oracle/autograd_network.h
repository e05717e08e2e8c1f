// A network computed by libtorch's own operations and differentiated by its autograd, in double.
// Nothing here is shared with any backend. For tests that link libtorch.
#pragma once

#include <span>
#include <vector>

#include "mote/backends/executor.h"
#include "mote/graph/network.h"

namespace mote::oracle {

struct LossAndGradient {
  double loss = 0;
  std::vector<double> gradient;  // of the mean loss to Network::parameters()
};

// With batch statistics.
LossAndGradient Differentiate(const Network& network, std::span<const double> parameters,
                              const Batch& batch, const LossOptions& loss);

}  // namespace mote::oracle
