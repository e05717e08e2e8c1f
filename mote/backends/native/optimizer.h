// One update of all weights (executor.h has the formulas), in one pass over flat arrays.
#pragma once

#include <cstdint>

#include "mote/backends/executor.h"

namespace mote::native {

// `step` counts from 1. `first` and `second` are the moments (Adam) or velocity and unused (SGD).
// Entries whose gradient is always 0 and whose weight is 0 stay 0. count is a multiple of 16 and
// all arrays are aligned to 64 bytes.
void UpdateWeights(const OptimizerOptions& options, double learning_rate, std::int64_t step,
                   std::int64_t count, const float* gradient, float* weights, float* first,
                   float* second);

}  // namespace mote::native
