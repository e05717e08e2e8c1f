// The probe behind jacob-cov: the slopes of an untrained network's logits at the images of a batch.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward and back from the sum of all logits to the images, batch normalisation by the
// batch. Series of a repeat, one value:
//   covariance_score   JacobianCovarianceScore of the images' gradients (reading/jacob_cov.h)
// A Failure as there: kUndefined if the logits do not depend on an image.
class JacobianProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "jacobian"; }

 protected:
  double ForwardPasses(const Network&) const override { return 3; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
