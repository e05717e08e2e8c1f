// How long backends take for a workload, measured side by side.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/base/stop.h"
#include "mote/run/workload.h"

namespace mote {

// Means over the cells of a workload.
struct Speed {
  double seconds = 0;  // wall clock of one pass of a whole batch: the median over the rounds
  double flops = 0;    // of such a pass, by the direct formula (DirectFlops)
};

// result[b] is that of backends[b]. In every round each backend takes its turn on the same network
// and batch, with a pass before that is not timed, so that all see the same machine; short passes
// are repeated until a turn can be timed. On the calling thread. `on_network` is called after each
// network; may be empty. Throws Error(kUnsupported) if a backend cannot compute one, Stopped when
// the token is set.
std::vector<Speed> MeasureSpeed(const Workload& workload, const SearchSpace& space,
                                std::span<const std::unique_ptr<Backend>> backends, int rounds,
                                const StopToken& stop,
                                const std::function<void()>& on_network = {});

}  // namespace mote
