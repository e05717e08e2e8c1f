// Executors on libtorch. No type of libtorch appears here.
#pragma once

#include <memory>

#include "mote/backends/executor.h"

namespace mote::torch_backend {

std::unique_ptr<Executor> MakeExecutor(const Network& network, int batch_size, bool cuda);

}  // namespace mote::torch_backend
