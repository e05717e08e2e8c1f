// The probe behind linear-regions: how many activation codes the images of all batches show.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward for each batch, batch normalisation by the batch. Series of a repeat, one value
// each:
//   regions   distinct codes of all images of all batches, 1 to their number; 1 for a network
//             without rectifiers (reading/linear_regions.h)
//   units     how many numbers enter rectifiers, of an image
//   images    of all batches: less than the recipe's if the split has no more
// A Failure (kDiverged) if activations are not finite.
class RegionsProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "linear_regions"; }

 protected:
  double ForwardPasses(const Network&) const override { return recipe().batch.batches; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
