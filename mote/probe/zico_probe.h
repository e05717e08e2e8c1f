// The probe behind zico: how much gradients of the loss vary from batch to batch.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// The mean cross-entropy of each batch is backpropagated, batch normalisation by the batch. Series
// of a repeat, one value per convolution and linear operation in the network's order:
//   log_inverse_variation   ln of the sum over weights of mean |g| / deviation of g over the
//                           batches, weights without deviation left out; 0 if none is left
//                           (reading/zico.h)
// and one value for each batch:
//   loss                    the mean loss, in nats
// A Failure (kDiverged) if gradients are not finite. Keeps a copy of the weights' gradient for each
// batch while it runs.
class ZicoProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "gradient_variation"; }

 protected:
  double ForwardPasses(const Network&) const override { return 3 * recipe().batch.batches; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
