// Expressivity and progressivity of AZ-NAS (Lee, Ham: "AZ-NAS: Assembling zero-cost proxies for
// network architecture search", CVPR 2024): how evenly the features of each block fill the space
// of its channels, and whether that grows from block to block. In nats; higher is better.
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// - sum of p ln(p + 1e-8) with p = s / sum s over the eigenvalues s of a covariance matrix. Values
// that rounding made negative count as zero. A Failure (kUndefined) if none is positive,
// (kDiverged) if any is not finite.
Outcome<double> SpectralEntropy(std::span<const double> eigenvalues);

// The spectral entropy of the covariance between channels over images and positions of a feature
// map, [positions of all images][channels]; in [0, ln channels] but for the 1e-8. A Failure
// (kUndefined) if no channel varies, (kDiverged) if features are not finite.
// O(positions channels^2 + channels^3).
Outcome<double> FeatureEntropy(std::span<const double> feature_map, int channels);

// Of the entropies of a network's features, first to last: their sum, and the smallest increase
// from one to the next (at least two features).
double Expressivity(std::span<const double> entropies);
double Progressivity(std::span<const double> entropies);

}  // namespace mote
