#include "mote/probe/codes_probe.h"

#include "mote/probe/rectifier_codes.h"
#include "mote/reading/naswot.h"

namespace mote {

Outcome<ProbeResult> CodesProbe::Measure(InitialNetwork& subject) const {
  subject.Forward(0, NormMode::kBatch);
  const ActivationCodes codes = RectifierCodes(subject.tape, subject.batches.front().count());
  const Outcome<double> score = NaswotScore(codes);
  if (!score) return score.failure();
  ProbeResult result;
  result.Set("log_det", {*score});
  result.Set("units", {double(codes.units())});
  return result;
}

}  // namespace mote
