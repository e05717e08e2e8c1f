// The backward pass of a plan.
#pragma once

#include "mote/backends/executor.h"
#include "mote/backends/native/state.h"

namespace mote::native {

// After a Forward with batch statistics: loss, and state.gradient of all weights.
EvaluationResult Backward(State& state, const Batch& batch, const LossOptions& loss);

}  // namespace mote::native
