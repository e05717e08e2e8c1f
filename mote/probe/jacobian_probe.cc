#include "mote/probe/jacobian_probe.h"

#include "mote/reading/jacob_cov.h"

namespace mote {

Outcome<ProbeResult> JacobianProbe::Measure(InitialNetwork& subject) const {
  const int images = subject.batches.front().count();
  subject.Forward(0, NormMode::kBatch);
  const std::vector<double> ones(std::size_t(images) * subject.network.classes(), 1.0);
  subject.tape.Backward(subject.logits(), ones);
  const Outcome<double> score = JacobianCovarianceScore(subject.tape.Slopes(0), images);
  if (!score) return score.failure();
  ProbeResult result;
  result.Set("covariance_score", {*score});
  return result;
}

}  // namespace mote
