// Zero-shot inverse coefficient of variation on gradients (Li, Yang, Bhardwaj, Marculescu: "ZiCo",
// ICLR 2023).
#pragma once

#include <span>
#include <vector>

#include "mote/base/outcome.h"

namespace mote {

// The gradients of one convolution's or linear operation's weights: one span a batch, all of the
// same size.
using BatchGradients = std::vector<std::span<const double>>;

// Sum over layers of ln sum over weights of mean |g| / deviation of g, both over the batches; the
// deviation is that of the population and of signed gradients. Weights whose deviation is zero are
// left out, layers whose sum is zero too, and none at all gives 0. Higher is better. At least one
// batch (with one alone, every deviation is zero). A Failure (kDiverged) if gradients are not
// finite. O(batches weights).
Outcome<double> ZicoScore(std::span<const BatchGradients> layers);

}  // namespace mote
