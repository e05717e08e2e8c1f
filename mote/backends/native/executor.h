// A network compiled for the native engine.
#pragma once

#include <memory>

#include "mote/backends/executor.h"
#include "mote/backends/native/plan.h"

namespace mote::native {

std::unique_ptr<Executor> MakeExecutor(const Network& network, Plan plan, int batch_size);

}  // namespace mote::native
