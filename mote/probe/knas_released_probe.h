// The probe behind what the code that KNAS was released with computes (Xu et al., ICML 2021).
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// Gradients of the cross-entropy of single images, each run through the network on its own, so that
// batch normalisation is by the positions of one image. The recipe's batch must be kKnasImages
// batches of one image (MOTE_CHECK). Series of a repeat, one value each:
//   covariance     SplitHalfCovariance of the coordinates that the code reads
//                  (reading/knas_released.h), in nat^2
//   coordinates    how many there are
// A Failure (kDiverged) if gradients are not finite.
class KnasReleasedProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "knas_released"; }

 protected:
  // Of one image.
  double ForwardPasses(const Network&) const override { return 3.0 * recipe().batch.batches; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
