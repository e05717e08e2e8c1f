#include "mote/probe/probe.h"

#include <nlohmann/json.hpp>

namespace mote {

Hash128 ProbeKey(const Probe& probe, const Hash128& class_id, const Dataset& dataset,
                 std::uint64_t seed, int replicate, const BackendTraits& numerics) {
  const nlohmann::json key = {
      {"class", class_id.Hex()},
      {"probe", probe.name()},
      {"version", probe.version()},
      {"options", probe.ToJson()},
      {"dataset", probe.uses_dataset() ? dataset.fingerprint().Hex() : ""},
      {"seed", seed},
      {"replicate", replicate},
      {"backend", numerics.name + "@" + numerics.version},
      {"device", numerics.device},
      {"isa", numerics.isa},
  };
  return HashOf(key.dump());
}

}  // namespace mote
