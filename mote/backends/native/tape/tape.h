// The native engine's Tape: operation by operation, in vectors of float or double (recording.h).
//
// Every network of the graph is taken. Memory of the benchmark's network of 15 cells at 64 images,
// in float, where all edges are 3x3 convolutions, which is the most: 375 MB, and 500 MB from the
// first Backward on; in double twice that. Parameters' gradients and those to the images cost their
// time when they are asked for, not in Backward; so do, once more, the gradients to a ReLU.
#pragma once

#include <memory>
#include <optional>

#include "mote/backends/tape.h"

namespace mote::native {

// T is float or double. `winograd`: whether 3x3 convolutions may go by Winograd's algorithm, whose
// rounding errors are some three times those of the direct form (winograd.h). `fill`: what fresh
// memory holds, or whatever it holds; nothing depends on it.
template <typename T>
std::unique_ptr<Tape> MakeTape(const Network& network, int largest_count, bool winograd,
                               std::optional<T> fill = {});

}  // namespace mote::native
