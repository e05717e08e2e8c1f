// The forward pass of a plan.
#pragma once

#include "mote/backends/executor.h"
#include "mote/backends/native/state.h"

namespace mote::native {

enum class Purpose {
  kEvaluation,  // changes nothing
  kStep,        // batch statistics feed the running ones
};

// Brings the weights into the forms that the forward pass reads; after every change of weights.
void PackForward(State& state);

// Fills values, convolution results, normalisation coefficients and logits.
void Forward(State& state, const Batch& batch, Statistics statistics, Purpose purpose);

}  // namespace mote::native
