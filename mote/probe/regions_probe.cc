#include "mote/probe/regions_probe.h"

#include "mote/probe/rectifier_codes.h"
#include "mote/reading/linear_regions.h"

namespace mote {

Outcome<ProbeResult> RegionsProbe::Measure(InitialNetwork& subject) const {
  std::vector<ActivationCodes> codes;
  int images = 0;
  for (std::size_t b = 0; b < subject.batches.size(); ++b) {
    subject.Forward(int(b), NormMode::kBatch);
    codes.push_back(RectifierCodes(subject.tape, subject.batches[b].count()));
    images += subject.batches[b].count();
  }
  const Outcome<std::int64_t> regions = CountLinearRegions(codes);
  if (!regions) return regions.failure();
  ProbeResult result;
  result.Set("regions", {double(*regions)});
  result.Set("units", {double(codes.front().units())});
  result.Set("images", {double(images)});
  return result;
}

}  // namespace mote
