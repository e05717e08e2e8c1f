#include "mote/base/outcome.h"

namespace mote {

std::string_view Name(FailureKind kind) {
  switch (kind) {
    case FailureKind::kDiverged:
      return "diverged";
    case FailureKind::kUnsupported:
      return "unsupported";
    case FailureKind::kOutOfMemory:
      return "out of memory";
    case FailureKind::kMissing:
      return "missing";
    case FailureKind::kUndefined:
      return "undefined";
  }
  MOTE_CHECK(false, "unnamed failure kind");
}

}  // namespace mote
