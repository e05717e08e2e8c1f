// A Tape of class Pass (pass.h).
#pragma once

#include <memory>

#include "mote/backends/tape.h"

namespace mote::reference {

// T is float or double.
template <typename T>
std::unique_ptr<Tape> MakeTape(const Network& network, int largest_count);

}  // namespace mote::reference
