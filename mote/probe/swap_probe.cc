#include "mote/probe/swap_probe.h"

#include "mote/probe/rectifier_codes.h"
#include "mote/reading/swap.h"

namespace mote {

Outcome<ProbeResult> SwapProbe::Measure(InitialNetwork& subject) const {
  subject.Forward(0, NormMode::kBatch);
  const ActivationCodes codes = RectifierCodes(subject.tape, subject.batches.front().count());
  const Outcome<std::int64_t> patterns = CountSwapPatterns(codes);
  if (!patterns) return patterns.failure();
  ProbeResult result;
  result.Set("patterns", {double(*patterns)});
  result.Set("units", {double(codes.units())});
  result.Set("parameters", {double(subject.network.parameter_count())});
  return result;
}

}  // namespace mote
