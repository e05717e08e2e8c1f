// Trains and evaluates by class Pass (pass.h), loss.h and optimizer.h.
#pragma once

#include <memory>

#include "mote/backends/executor.h"

namespace mote::reference {

// T is float or double.
template <typename T>
std::unique_ptr<Executor> MakeExecutor(const Network& network, int batch_size);

}  // namespace mote::reference
