#include "mote/record/provenance.h"

#include <nlohmann/json.hpp>

namespace mote {

nlohmann::json Provenance::ToJson() const {
  return {{"version", version}, {"commit", commit},          {"compiler", compiler},
          {"backend", backend}, {"device", device},          {"isa", isa},
          {"dataset", dataset}, {"fingerprint", fingerprint}};
}

Provenance BuildProvenance() {
  Provenance provenance;
  provenance.version = MOTE_VERSION;
  provenance.commit = MOTE_COMMIT;
  provenance.compiler = "g++ " __VERSION__;
  return provenance;
}

}  // namespace mote
