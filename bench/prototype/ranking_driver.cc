// The prototype's ranking-driver, in a namespace for the reasons of cpu_engine.cc.
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

namespace ranking_driver {
#include "ranking-driver/engine.hpp"
}  // namespace ranking_driver

namespace mote::bench {
namespace {

// Every engine starts at the front of the same memory, which is never given back.
class ArenaLock {
 public:
  ArenaLock() {
    if (taken_) std::abort();
    taken_ = true;
  }
  ~ArenaLock() { taken_ = false; }
  ArenaLock(const ArenaLock&) = delete;
  ArenaLock& operator=(const ArenaLock&) = delete;

 private:
  static inline bool taken_ = false;
};

template <int channels>
struct DriverEngine : ArenaLock, ranking_driver::Engine<channels> {
  using ranking_driver::Engine<channels>::Engine;
};

}  // namespace

std::unique_ptr<Engine> MakeRankingDriver(const EngineInput& input) {
  constexpr bool kWinograd = true;  // as the driver itself asks for
  // One stage, which has no pooling but the head's.
  const std::vector<int> cells_of_stages = {input.cells};
  const std::vector<int> pools;
  return MakeFusedEngine<DriverEngine>(input.channels, input.side, input.batch_size, input.letters,
                                       kWinograd, cells_of_stages, pools, input.classes);
}

}  // namespace mote::bench
