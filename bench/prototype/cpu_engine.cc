// The prototype's cpu-engine. Its header has no namespace, so that here it gets one; what it
// includes itself comes first, outside of it.
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "bench/prototype/engine.h"
#include "bench/prototype/fused_engine.h"

namespace cpu_engine {
#include "cpu-engine/engine.hpp"
}  // namespace cpu_engine

namespace mote::bench {

std::unique_ptr<Engine> MakeCpuEngine(const EngineInput& input) {
  constexpr bool kWinograd = true;
  return MakeFusedEngine<cpu_engine::Engine>(input.channels, input.side, input.batch_size,
                                             input.letters, kWinograd);
}

}  // namespace mote::bench
