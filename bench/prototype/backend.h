// The engines of the prototype as backends, for measurements beside the others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/prototype/engine.h"
#include "mote/backends/backend.h"
#include "mote/run/workload.h"

namespace mote::bench {

// One of the engines and what stands fixed in its source.
struct EngineKind {
  std::string name;
  std::unique_ptr<Engine> (*make)(const EngineInput& input);
  // Whether it computes cells in a row; else two cells with 4x4 average pooling between them.
  bool row_of_cells;
  double norm_epsilon;
  double learning_rate;
  OptimizerOptions optimizer;
  LossOptions loss;
};

// Those of this build.
const std::vector<EngineKind>& EngineKinds();

// Why the engine cannot compute the workload, in words that can follow "because"; no value: it can.
std::optional<std::string> WhyUnsupported(const EngineKind& kind, const Workload& workload);

// A backend for the networks of this workload and no others: the engine wants the letters of a
// cell, which a Network does not tell. Its executors take whole batches only, train at the rate and
// with the loss of the engine's source whatever Reset and Step say, count no correct answers, and
// throw Error(kUnsupported) for all but training. Compile aborts if the engine's network has not as
// many parameters and convolutions as mote's.
std::unique_ptr<Backend> MakeEngineBackend(const EngineKind& kind, const SearchSpace& space,
                                           const Workload& workload);

}  // namespace mote::bench
