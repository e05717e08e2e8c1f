// The probe behind synflow: how much flows from an image of ones through a network whose parameters
// have all been made positive.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// Every parameter, biases and shifts included, is replaced by its magnitude; R is the sum of the
// logits of the batch. The recipe's batch should be one image of ones, its precision kDouble.
// Series of a repeat, one value:
//   log_flow   ln of the sum of |W dR/dW| over convolutions and linear operations
//              (reading/synflow.h), in nats; -inf if nothing flows
// A Failure (kDiverged) if weights or gradients are not finite.
class SynflowProbe : public InitialProbe {
 public:
  // `norm`: kIdentity as published, or kBatch with batch normalisation kept.
  SynflowProbe(InitialRecipe recipe, NormMode norm);

  std::string name() const override { return "synflow"; }

 protected:
  nlohmann::json OwnOptions() const override;
  double ForwardPasses(const Network&) const override { return 3; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;

 private:
  NormMode norm_;
};

}  // namespace mote
