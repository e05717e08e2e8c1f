// From a network to the engine's plan.
#pragma once

#include "mote/backends/native/plan.h"
#include "mote/base/outcome.h"
#include "mote/graph/network.h"

namespace mote::native {

// For vectors of `lanes` floats. Failure(kUnsupported) says, in words that can follow "because",
// which operation the engine does not have.
Outcome<Plan> MakePlan(const Network& network, int lanes, const PlanOptions& options);

}  // namespace mote::native
