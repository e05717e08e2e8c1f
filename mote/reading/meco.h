// Minimum eigenvalue of correlations between a network's channels (Jiang, Wang, Bie: "MeCo:
// Zero-shot NAS with one data and single forward pass via minimum eigenvalue of correlation",
// NeurIPS 2023).
#pragma once

#include <span>

namespace mote {

// The smallest eigenvalue, in [0, 1], of Pearson's correlations between the channels of one
// image's feature map, [positions][channels]. MeCo is its sum over the maps of a network; higher
// is better. A channel without variance, or with numbers that are not finite, correlates 0 even
// with itself, as the authors have it, and makes the value 0; so do more channels than positions
// less one. Eigenvalues within rounding of zero are zero (spectrum.h), where the authors' code adds
// up +-1e-8. O(positions channels^2 + channels^3).
double SmallestCorrelationEigenvalue(std::span<const double> feature_map, int channels);

}  // namespace mote
