// The probe behind naswot: which rectifiers of an untrained network each image switches on.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward, batch normalisation by the batch. Units are those of probe/rectifier_codes.h; a
// network as it is built has none but those that reach the logits. Series of a repeat, one value
// each:
//   log_det   NaswotScore of the images' codes (reading/naswot.h); -inf if their kernel is singular
//   units     how many there are of an image
// A Failure (kDiverged) if activations are not finite.
class CodesProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "activation_codes"; }

 protected:
  double ForwardPasses(const Network&) const override { return 1; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
