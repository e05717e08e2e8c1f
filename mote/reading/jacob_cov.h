// How unlike the network's slopes are at different images (Mellor, Turner, Storkey, Crowley, first
// version of "Neural architecture search without training", 2020; as in the zero-cost code of
// Abdelfattah et al., ICLR 2021).
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// - sum over the eigenvalues v of the rows' correlation matrix of ln(v + e) + 1 / (v + e), with
// e = 1e-5. `jacobians` is [n][d]: row i holds the gradient of the sum of image i's logits to its d
// pixels. Higher is better; at most about -n, which uncorrelated rows have. Eigenvalues within
// rounding of zero are zero (spectrum.h); there the slope is 1e10.
//
// A Failure if gradients are not finite (kDiverged) or a row has no variance (kUndefined): its
// logits do not depend on the image. O(n^2 d + n^3).
Outcome<double> JacobianCovarianceScore(std::span<const double> jacobians, int n);

}  // namespace mote
