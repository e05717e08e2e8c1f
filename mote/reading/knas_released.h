// What the code that KNAS was released with computes (Xu et al., ICML 2021), which is not the mean
// of a Gram matrix (MeanOfKernel in kernel.h): a covariance of gradient coordinates between two
// halves of the images, paired as they come. It may be negative, and is about 0 in expectation; it
// is here for fidelity.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/base/outcome.h"

namespace mote {

inline constexpr int kKnasImages = 50;

// Which of all parameters' gradients, laid end to end, are read: the first 50 entries of each of
// the first 11 tensors that have at least 50. (The code keeps 100 entries of each and reads 50.)
// `tensor_sizes` are in the order of the parameters, biases and batch norms among them.
std::vector<std::int64_t> KnasCoordinates(std::span<const std::int64_t> tensor_sizes);

// Sum over coordinates of <u, v> / n^2, where u holds the coordinate over the first n/2 images and
// v over the others, each less its own mean. `gradients` is [n][coordinates], n even, of single
// images' losses. Higher is better. A Failure (kDiverged) if they are not finite.
Outcome<double> SplitHalfCovariance(std::span<const double> gradients, int n);

}  // namespace mote
