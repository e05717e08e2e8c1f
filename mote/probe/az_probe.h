// The probe behind the parts of az-nas that look at a network's passes: what its blocks do to
// features on the way forward, and to slopes on the way back.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward, batch normalisation by the batch. Features F_0 .. F_m are the results of the
// stem and of each residual block and cell (probe/block_results.h). From each but the first, random
// slopes of +-1 (each with probability 1/2) go back to the one before. Series of a repeat:
//   entropy        m+1 values, in nats: the spectral entropy of the covariance between the
//   feature's
//                  channels (reading/expressivity.h); -inf if no channel varies, where it is 0/0
//   trainability   m values, of the blocks from F_(i-1) to F_i, at most 0 but for rounding
//                  (reading/trainability.h); -inf for a block that changes nothing
// A Failure (kDiverged) if features or slopes are not finite.
class AzProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "block_passes"; }

 protected:
  double ForwardPasses(const Network& network) const override;
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
