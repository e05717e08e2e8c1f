// Weights of a network, or differences of them, as one long vector.
#pragma once

#include <span>

namespace mote {

// The sum of products, in the order of the elements. Sizes are equal.
double Dot(std::span<const double> a, std::span<const double> b);

// The Euclidean length.
double Norm(std::span<const double> a);

}  // namespace mote
