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

// H g by differentiating twice: g the gradient of the mean cross-entropy to convolution kernels and
// linear weights, H its Hessian there; zeros at all other parameters. With batch statistics.
std::vector<double> HessianTimesGradient(const Network& network, std::span<const double> parameters,
                                         const Batch& batch);

}  // namespace mote::oracle
