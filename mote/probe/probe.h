// A probe: one costly act on one network, done once and kept.
//
// What is read off its result afterwards (mote/estimate) is pure and free, so estimators that need
// the same probe share it, and new constants never retrain anything.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mote/backends/backend.h"
#include "mote/base/hash.h"
#include "mote/base/outcome.h"
#include "mote/data/prepared_data.h"
#include "mote/record/probe_result.h"
#include "mote/space/search_space.h"

namespace mote {

// What a probe may use. All of it outlives the call.
struct ProbeContext {
  const SearchSpace& space;
  const Backend& backend;
  DataCache& data;
  std::uint64_t seed;  // the score seed
  int replicate;
  std::function<void()> check_stop;  // throws to give up; called between epochs; may be empty
};

// Immutable and thread-safe.
class Probe {
 public:
  virtual ~Probe() = default;

  virtual std::string name() const = 0;
  // Raised whenever the same inputs would give another result.
  virtual int version() const = 0;
  // Everything else the result depends on, besides architecture, data, seed and numerics.
  virtual nlohmann::json ToJson() const = 0;
  // Rough multiply-adds of one run on this architecture, for forecasts.
  virtual double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                              const Dataset& dataset) const = 0;
  // Whether the result depends on the dataset that the user gave.
  virtual bool uses_dataset() const { return true; }

  // `architecture` is the representative of its class. A candidate's failure is an Outcome; Error
  // is thrown for what is wrong with the world (a missing split).
  virtual Outcome<ProbeResult> Run(const ProbeContext& context,
                                   const Architecture& architecture) const = 0;
};

// Networks for a dataset's images as they are, and for a selection of them as prepared.
Task TaskOf(const Dataset& dataset);
Task TaskOf(const PreparedData& data);

// Names one result for ever: class, probe, dataset fingerprint (if used), seed, replicate,
// numerics.
Hash128 ProbeKey(const Probe& probe, const Hash128& class_id, const Dataset& dataset,
                 std::uint64_t seed, int replicate, const BackendTraits& numerics);

}  // namespace mote
