// The number of linear regions that samples fall into (Chen, Gong, Wang: TE-NAS, ICLR 2021, after
// Xiong et al., ICML 2020): a network of rectifiers is linear where its activation code is
// constant.
#pragma once

#include <cstdint>
#include <span>

#include "mote/base/outcome.h"
#include "mote/reading/activation_codes.h"

namespace mote {

// The number of distinct codes of all samples of all batches, which have the same units; from 1 to
// the number of samples, 0 without batches. Higher is better. It is the authors' sum over samples
// of 1 / (samples of the same code), counted exactly. A Failure (kDiverged) if activations were
// not finite. O(samples (log samples) units / 64).
Outcome<std::int64_t> CountLinearRegions(std::span<const ActivationCodes> batches);

}  // namespace mote
