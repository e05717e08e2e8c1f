// The probe behind swap: how many patterns the units of a network show over a few images.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward, batch normalisation by the batch; at most 64 images (MOTE_CHECK). Series of a
// repeat, one value each:
//   patterns     distinct patterns of all units over the images, at most 2^images; 0 for a network
//                without rectifiers (reading/swap.h)
//   units        how many numbers enter rectifiers, of an image
//   parameters   of the network
// A Failure (kDiverged) if activations are not finite.
class SwapProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "swap"; }

 protected:
  double ForwardPasses(const Network&) const override { return 1; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
