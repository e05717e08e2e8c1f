#include "mote/probe/hessian_probe.h"

#include "mote/probe/hessian_gradient.h"
#include "mote/reading/cross_entropy.h"
#include "mote/reading/layer_sums.h"

namespace mote {

Outcome<ProbeResult> HessianProbe::Measure(InitialNetwork& subject) const {
  const InitialBatch& batch = subject.batches.front();
  const auto measured = MeasureHessianGradient(
      subject.tape, subject.parameters, batch.images, batch.count(),
      [&](std::span<const double> logits) { return CrossEntropySlopes(logits, batch.labels); });
  if (!measured) return measured.failure();
  std::vector<double> grasp;
  for (int tensor : WeightTensors(subject.network)) {
    const Parameter& parameter = subject.network.parameters()[tensor];
    const WeightLayer layer[] = {
        {.weights = PartOf(subject.parameters, parameter),
         .hessian_gradient = PartOf(measured->hessian_gradient, parameter)}};
    const Outcome<double> sum = GraspSum(layer);
    if (!sum) return sum.failure();
    grasp.push_back(*sum);
  }
  ProbeResult result;
  result.Set("grasp", std::move(grasp));
  return result;
}

}  // namespace mote
