// The probe behind the estimates that read one gradient of the loss: the mean cross-entropy of a
// batch is backpropagated once through the untrained network, batch normalisation by the batch.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// Series of a repeat, one value per convolution and linear operation in the network's order, W its
// weights and G = dL/dW (reading/layer_sums.h, reading/fisher.h):
//   weight_norm            ||W||_2
//   gradient_norm          ||G||_2
//   absolute_saliency      sum of |W G|
//   saliency               sum of W G
//   fisher                 sum over channels of (weights of the channel) Delta_c
// and one value each:
//   loss                   the mean loss, in nats
//   gradient_square        ||dL/d all parameters||^2, biases and batch normalisations included
class GradientProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "gradient"; }

 protected:
  double ForwardPasses(const Network&) const override { return 3; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
