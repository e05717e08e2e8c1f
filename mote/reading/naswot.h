// How unlike the activation codes of images are (Mellor, Turner, Storkey, Crowley: "Neural
// architecture search without training", ICML 2021).
#pragma once

#include <cstdint>
#include <vector>

#include "mote/base/outcome.h"
#include "mote/reading/activation_codes.h"

namespace mote {

// K_ij = units - Hamming distance of the codes of images i and j, n x n in row-major order.
// O(n^2 units / 64).
std::vector<std::int64_t> AgreementKernel(const ActivationCodes& codes);

// ln |det K|. Higher is better; at most n ln units. -inf where K is singular, which the
// determinant cannot be told from by rounding (spectrum.h): duplicated codes, more images than
// units + 1, no units. The authors' code lets a logarithm of rounding stand there. A Failure
// (kDiverged) if activations were not finite. O(n^2 units / 64 + n^3).
Outcome<double> NaswotScore(const ActivationCodes& codes);

}  // namespace mote
