// A way to compute networks: scalar reference code, libtorch, a native engine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mote/backends/executor.h"
#include "mote/backends/tape.h"
#include "mote/base/registry.h"
#include "mote/graph/network.h"

namespace mote {

struct BackendTraits {
  std::string name;     // as in --backend
  std::string version;  // changes whenever results may change in any bit
  std::string device;   // "cpu", "cuda:0"
  std::string isa;      // instruction set its bits depend on, "any" if none
  // Equal inputs give equal bits in every run and at any number of workers on this device and isa.
  bool deterministic = true;
  int priority = 0;  // the highest that supports a network is the default
};

// One step of what a backend made of a network, for people (mote plan).
struct PlanStep {
  std::string name;    // of the operation whose result it makes
  std::string what;    // "conv 3x3 x2", "sum"
  std::string kernel;  // how: "winograd F(4x4,3x3)", "direct"
  std::string folded;  // what else the step does on its way
  Shape shape;         // of the result of one image
  // Of one image, forward and backward.
  std::int64_t bytes = 0;  // read and written at least
  std::int64_t flops = 0;  // multiplications and additions of convolutions, by the direct formula
};

// Thread-safe: executors and tapes for several workers may be made at once.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual BackendTraits traits() const = 0;

  // No value: yes. Otherwise the reason why not, in words that can follow "because".
  virtual std::optional<std::string> WhyUnsupported(const Network& network) const = 0;

  // `batch_size` is the largest batch that the executor will see. The network must be supported.
  virtual std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const = 0;

  // A tape of the network for up to `largest_count` images, with parameters 0 until they are set;
  // nullptr: this backend keeps no tapes (of this network, or in this precision). A tape needs
  // memory for all results and gradients of all images at once.
  virtual std::unique_ptr<Tape> Record(const Network&, int /*largest_count*/, Precision) const {
    return nullptr;
  }

  // The steps of a training pass in their forward order; empty if the backend runs operation by
  // operation. The network must be supported.
  virtual std::vector<PlanStep> Explain(const Network&) const { return {}; }
};

// A named way to make one. Components of kind `backend`. Options hold at least what the component
// declares (for torch: device).
using BackendRegistry = Registry<Backend>;
#define MOTE_BACKEND(name) void RegisterBackend_##name(::mote::BackendRegistry& registry)

}  // namespace mote
