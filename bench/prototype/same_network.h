// Whether the prototype computes the networks that are measured beside it.
#pragma once

#include "bench/prototype/backend.h"

namespace mote::bench {

// Trains every network of the workload for a few steps on `judge` and on the engine: from the same
// weights, on the same batch, by the engine's own constants. Throws Error(kInternal), naming cell
// and losses, where the losses differ by more than float32 may; a cell with its edges in another
// order differs by far more. Aborts where parameters or convolutions differ in number.
void CheckSameNetworks(const EngineKind& kind, const SearchSpace& space, Workload workload,
                       const Backend& judge);

}  // namespace mote::bench
