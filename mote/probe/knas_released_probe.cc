#include "mote/probe/knas_released_probe.h"

#include "mote/base/check.h"
#include "mote/reading/cross_entropy.h"
#include "mote/reading/knas_released.h"

namespace mote {

Outcome<ProbeResult> KnasReleasedProbe::Measure(InitialNetwork& subject) const {
  MOTE_CHECK(subject.batches.size() == kKnasImages, "{} batches", subject.batches.size());
  std::vector<std::int64_t> sizes;
  for (const Parameter& parameter : subject.network.parameters()) {
    sizes.push_back(parameter.elements());
  }
  const std::vector<std::int64_t> coordinates = KnasCoordinates(sizes);
  std::vector<double> gradients;
  for (int b = 0; b < kKnasImages; ++b) {
    MOTE_CHECK(subject.batches[b].count() == 1, "{} images", subject.batches[b].count());
    subject.Forward(b, NormMode::kBatch);
    const auto logits = subject.tape.Value(subject.logits());
    subject.tape.Backward(subject.logits(), CrossEntropySlopes(logits, subject.batches[b].labels));
    const auto slopes = subject.tape.ParameterSlopes();
    for (std::int64_t coordinate : coordinates) gradients.push_back(slopes[coordinate]);
  }
  const Outcome<double> covariance = SplitHalfCovariance(gradients, kKnasImages);
  if (!covariance) return covariance.failure();
  ProbeResult result;
  result.Set("covariance", {*covariance});
  result.Set("coordinates", {double(coordinates.size())});
  return result;
}

}  // namespace mote
