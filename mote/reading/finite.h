// What the readings of this folder do with numbers that are none: a candidate whose gradients or
// activations overflowed has no value, and is told apart from one with a stated infinite value.
#pragma once

#include <span>
#include <string_view>

#include "mote/base/outcome.h"

namespace mote {

bool AllFinite(std::span<const double> values);

// A failure of kind kDiverged; `what` is a plural: "gradients".
Failure NotFinite(std::string_view what);

}  // namespace mote
