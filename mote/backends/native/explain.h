// A plan as rows for people.
#pragma once

#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/native/plan.h"

namespace mote::native {

std::vector<PlanStep> Explain(const Plan& plan);

}  // namespace mote::native
