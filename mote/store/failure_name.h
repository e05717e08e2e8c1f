// What kinds of failure are called in a store's file: never to be changed, unlike
// Name(FailureKind), which is for people.
#pragma once

#include <optional>
#include <string_view>

#include "mote/base/outcome.h"

namespace mote {

std::string_view StoredName(FailureKind kind);

// The inverse; none for what no store holds.
std::optional<FailureKind> FailureOfName(std::string_view stored);

}  // namespace mote
