// The probe behind grasp: how the loss bends along its own gradient.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// The mean cross-entropy of a batch, its gradient g and H g (probe/hessian_gradient.h) over the
// weights W of convolutions and linear operations. The recipe's precision should be kDouble.
// Series of a repeat, one value per such operation in the network's order:
//   grasp   - sum of W (H g) (reading/layer_sums.h), in nat^2. A convolution that is normalised
//           by the batch has ||g||^2 here, over its own weights: the loss does not depend on their
//           scale, W g = 0 everywhere, and so does its derivative along g vanish (but for epsilon).
// A Failure (kDiverged) if weights or gradients are not finite.
class HessianProbe : public InitialProbe {
 public:
  using InitialProbe::InitialProbe;

  std::string name() const override { return "hessian"; }
  int version() const override { return 2; }  // 1 could step over rectifiers' kinks

 protected:
  double ForwardPasses(const Network&) const override { return 9; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;
};

}  // namespace mote
