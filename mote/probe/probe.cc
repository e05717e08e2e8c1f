#include "mote/probe/probe.h"

#include <nlohmann/json.hpp>

namespace mote {

Task TaskOf(const Dataset& dataset) {
  return {.height = dataset.height(),
          .width = dataset.width(),
          .channels = 3,
          .classes = dataset.classes()};
}

Task TaskOf(const PreparedData& data) {
  return {.height = data.height(), .width = data.width(), .channels = 3, .classes = data.classes()};
}

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
