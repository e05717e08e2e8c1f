// Sample-wise activation patterns (Peng, Song, Fayek, Ciesielski, Chang: "SWAP-NAS: Sample-wise
// activation patterns for ultra-fast NAS", ICLR 2024): the codes of units, not of samples.
#pragma once

#include <cstdint>

#include "mote/base/outcome.h"
#include "mote/reading/activation_codes.h"

namespace mote {

// The number of distinct patterns that units show over the samples, at most 2^samples. Higher is
// better. At most 64 samples (MOTE_CHECK). A Failure (kDiverged) if activations were not finite.
// O(units samples + units log units).
Outcome<std::int64_t> CountSwapPatterns(const ActivationCodes& codes);

// exp(-(P - mu)^2 / sigma), in (0, 1], by which the regularised score multiplies the count: with P
// the parameters in thousands, mu in thousands, and sigma > 0 in thousands squared. There is
// neither a square on sigma nor a 2 beside it.
double SwapRegularisation(std::int64_t parameters, double mu, double sigma);

}  // namespace mote
