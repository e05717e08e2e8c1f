#include "mote/probe/rectifier_codes.h"

namespace mote {

ActivationCodes RectifierCodes(Tape& tape, int count) {
  ActivationCodes codes(count);
  for (const Op& op : tape.network().ops()) {
    if (op.kind == OpKind::kRelu) codes.Append(tape.Value(op.src.front()));
  }
  return codes;
}

}  // namespace mote
