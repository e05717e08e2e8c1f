// Sums over the weights of a network's layers, from one backward pass of the mean loss of a batch
// (Abdelfattah, Mehrotra, Dudziak, Lane: "Zero-cost proxies for lightweight NAS", ICLR 2021).
//
// A layer is the weight tensor of one convolution or linear operation, W with G = dL/dW; batch
// norms and biases do not enter. Higher is better for all but PlainSum, whose sign nobody fixed.
// No layers, or layers of zeros, sum to 0. Numbers that are not finite give a Failure
// (kDiverged). O(weights).
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// One tensor's numbers, in any order that is the same for all three; a reading that does not name
// a part leaves it unread.
struct WeightLayer {
  std::span<const double> weights = {};
  std::span<const double> gradient = {};
  std::span<const double> hessian_gradient = {};  // H g, H and g over all layers together
};

// Sum over layers of ||G||_2: not the norm of all gradients together.
Outcome<double> GradientNormSum(std::span<const WeightLayer> layers);

// Sum over layers of ||W||_2.
Outcome<double> WeightNormSum(std::span<const WeightLayer> layers);

// Sum of |W G| (SNIP: Lee, Ajanthan, Torr, ICLR 2019).
Outcome<double> SnipSum(std::span<const WeightLayer> layers);

// Sum of W G, signed.
Outcome<double> PlainSum(std::span<const WeightLayer> layers);

// - sum of W (H g) (GraSP: Wang, Zhang, Grosse, ICLR 2020), with the sign of the zero-cost code,
// which is opposite to that of the pruning paper.
Outcome<double> GraspSum(std::span<const WeightLayer> layers);

}  // namespace mote
