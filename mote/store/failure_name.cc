#include "mote/store/failure_name.h"

#include <utility>

#include "mote/base/check.h"

namespace mote {
namespace {

constexpr std::pair<FailureKind, std::string_view> kNames[] = {
    {FailureKind::kDiverged, "diverged"},         {FailureKind::kUnsupported, "unsupported"},
    {FailureKind::kOutOfMemory, "out_of_memory"}, {FailureKind::kMissing, "missing"},
    {FailureKind::kUndefined, "undefined"},
};

}  // namespace

std::string_view StoredName(FailureKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  MOTE_CHECK(false, "the store has no word for failure kind {}", int(kind));
}

std::optional<FailureKind> FailureOfName(std::string_view stored) {
  for (const auto& [kind, name] : kNames) {
    if (name == stored) return kind;
  }
  return std::nullopt;
}

}  // namespace mote
