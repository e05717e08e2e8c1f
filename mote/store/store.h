// The store: every probe result and estimate of a run, in one SQLite file. It is the cache, the
// memory that a killed run resumes from, and what reports are drawn from.
//
// Append-only: a result once written never changes. What is deterministic (keys, results,
// failures) stands in other columns than what is not (seconds, dates), so that two stores of one
// experiment can be compared row by row. WAL mode with synchronous=NORMAL: a killed process loses
// at most the transaction in flight; a power cut at most the last ones, and never corrupts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mote/base/hash.h"
#include "mote/base/outcome.h"
#include "mote/record/probe_result.h"
#include "mote/record/provenance.h"

namespace mote {

struct ProbeRecord {
  Hash128 key;  // ProbeKey
  std::string space;
  std::string architecture;  // text of the class's representative
  std::string probe;         // name@version
  std::string options;       // the probe's ToJson().dump()
  std::string fingerprint;   // of the dataset, hex; "" if the probe ignores it
  std::uint64_t seed = 0;
  int replicate = 0;
  Outcome<ProbeResult> result = ProbeResult();
  double seconds = 0;  // one core's; not part of what is compared
};

struct EstimateRecord {
  Hash128 key;  // of everything below but value
  std::string space;
  std::string architecture;  // its own text
  std::string estimator;     // name@version
  std::string options;       // JSON: the estimator's, the preset's and the task's
  std::uint64_t seed = 0;
  int replicate = 0;
  Outcome<double> value = 0.0;
};

// Thread-safe: calls are serialised. One process writes a file at a time; a second one that opens
// it for writing is refused with Error(kIo) naming the first one's process.
class Store {
 public:
  static constexpr int kSchemaVersion = 1;

  // Opens or makes the file for writing and takes its lock (an flock on "<path>.lock", freed by the
  // system however the process ends). Throws Error(kUnsupported) for a store of another schema
  // version, Error(kCorrupt) for a file that is no store, Error(kIo) if it cannot be written or is
  // in use.
  static std::unique_ptr<Store> Open(const std::filesystem::path& path);
  // For reports: no lock, no writing, also while another process writes or after one was killed.
  // Throws Error(kNotFound) if there is none or nothing has been written to it, else as Open.
  static std::unique_ptr<Store> OpenReadOnly(const std::filesystem::path& path);
  // Without a file, gone with the object.
  static std::unique_ptr<Store> InMemory();

  virtual ~Store() = default;

  virtual std::optional<ProbeRecord> FindProbe(const Hash128& key) = 0;
  // Of a record whose key is there already, the old one stands (they are equal anyway, but for how
  // long they took). Returns the seconds of the one that stands.
  virtual double PutProbe(const ProbeRecord& record, const Provenance& provenance) = 0;

  virtual std::optional<EstimateRecord> FindEstimate(const Hash128& key) = 0;
  // All or none of them.
  virtual void PutEstimates(const std::vector<EstimateRecord>& records) = 0;

  // In the order of their keys, each at most once. `visit` may use the store; a record that is
  // stored meanwhile is visited or not.
  virtual void ForEachProbe(const std::function<void(const ProbeRecord&)>& visit) = 0;
  virtual void ForEachEstimate(const std::function<void(const EstimateRecord&)>& visit) = 0;

  // Small named texts of the run itself. SetMeta replaces.
  virtual void SetMeta(const std::string& name, const std::string& value) = 0;
  virtual std::optional<std::string> Meta(const std::string& name) = 0;

  // Hash of all deterministic columns of all probes and estimates, in the order of keys: equal
  // stores, equal hash. Without meta, seconds, dates and provenance.
  virtual Hash128 ContentHash() = 0;
};

}  // namespace mote
