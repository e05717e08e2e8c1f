// Where a result came from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace mote {

struct Provenance {
  std::string version;  // of mote
  std::string commit;   // of the sources, "unknown" outside a checkout; "+" appended if changed
  std::string compiler;
  std::string backend;  // name@version
  std::string device;
  std::string isa;
  std::string dataset;      // Dataset::Describe()
  std::string fingerprint;  // of the dataset, hex

  nlohmann::json ToJson() const;
};

// version, commit and compiler of this binary; the rest is empty.
Provenance BuildProvenance();

}  // namespace mote
