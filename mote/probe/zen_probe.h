// The probe behind zen: how far features move when the images do, a little.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// Of the two batches of the recipe, the first are images x and the second, of the same size, a
// direction e. Passes forward with x and x + 0.01 e, batch normalisation by the batch, which both
// feed into running variances that start at 1 in each repeat. Series of a repeat, in nats
// (reading/zen.h):
//   difference   ln of the mean over images of the 1-norm by which what enters the global average
//                pooling moves; -inf if it does not
//   norm_scale   by batch normalisation, in the network's order: 1/2 ln of the mean over channels
//   of
//                the running variance
// A Failure (kDiverged) if features or variances are not finite.
class ZenProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "zen"; }

 protected:
  double ForwardPasses(const Network&) const override { return 2; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
