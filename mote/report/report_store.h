// A store file as reports read it: its rows in the order in which they were written, with their
// times and provenance.
//
// Reading takes no lock, so a run may write meanwhile. Unlike Store::OpenReadOnly it also reads a
// store on a medium that cannot be written beside which a write-ahead log remained: by a copy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mote/base/outcome.h"
#include "mote/record/provenance.h"

namespace mote {

struct WrittenEstimate {
  std::string space;
  std::string architecture;
  std::string estimator;  // name@version
  int options = 0;        // index of StoreContent::options
  std::uint64_t seed = 0;
  int replicate = 0;
  Outcome<double> value = 0.0;
};

struct WrittenProbe {
  std::string space;
  std::string architecture;  // of the representative
  std::string probe;         // name@version
  std::uint64_t seed = 0;
  int replicate = 0;
  std::optional<Failure> failure;
  double seconds = 0;   // of one core
  std::string date;     // when it was stored, UTC: "2026-01-31T23:59:59Z"
  int provenance = -1;  // index of StoreContent::provenances; -1: none is recorded
};

struct StoreContent {
  std::vector<std::string> options;  // of estimates, JSON, each once
  std::vector<WrittenEstimate> estimates;
  std::vector<WrittenProbe> probes;
  std::vector<Provenance> provenances;  // in the order of their first use

  bool empty() const { return estimates.empty() && probes.empty(); }
};

// All rows as of one moment, without the probes' series. Throws what Store::OpenReadOnly throws.
// Takes some 0.1 s for 15,000 rows of each kind.
StoreContent ReadStoreContent(const std::filesystem::path& path);

// Whether a process holds the store for writing, as far as the system tells; asking disturbs none.
bool IsStoreInUse(const std::filesystem::path& path);

}  // namespace mote
