#include "mote/probe/rectifier_codes.h"

namespace mote {

ActivationCodes RectifierCodes(Tape& tape, int count) {
  ActivationCodes codes(count);
  for (const Op& op : tape.network().ops()) {
    if (op.kind != OpKind::kRelu) continue;
    const Signs signs = tape.Positive(op.src.front());
    codes.Append(signs.bits, signs.elements, signs.finite);
  }
  return codes;
}

}  // namespace mote
