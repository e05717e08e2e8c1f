// Synaptic flow (Tanaka, Kunin, Yamins, Ganguli: "Pruning neural networks without any data by
// iteratively conserving synaptic flow", NeurIPS 2020; as in the zero-cost code of Abdelfattah et
// al., ICLR 2021), as a logarithm.
#pragma once

#include <span>

#include "mote/base/outcome.h"
#include "mote/reading/layer_sums.h"

namespace mote {

// ln of the sum of |W dR/dW| over all layers, in nats, where R is the sum of the outputs for one
// image of ones with every parameter replaced by its magnitude. Higher is better. The sum itself
// spans 1e32 to 1e61 on NAS-Bench-201 and would overflow in larger networks; its logarithm ranks
// alike. -inf if it is zero: no path leads through the network. A Failure (kDiverged) if weights or
// gradients are not finite. O(weights).
Outcome<double> LogSynFlow(std::span<const WeightLayer> layers);

}  // namespace mote
