// Which rectifiers of a network each image of its last pass switches on.
#pragma once

#include "mote/backends/tape.h"
#include "mote/reading/activation_codes.h"

namespace mote {

// The codes of the `count` images of the tape's last Forward. A unit is one number that enters an
// operation `relu`, in the network's order; two rectifiers of the same
// source count twice. No units if there is no rectifier.
ActivationCodes RectifierCodes(Tape& tape, int count);

}  // namespace mote
