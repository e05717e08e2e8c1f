// The probe behind the estimates that read the tangent kernel of an untrained network.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// Series of a repeat, of the kernel Theta of the batch's n images (probe/kernel.h):
//   eigenvalues   n of them, ascending; those that cannot be told from zero are zero
//                 (reading/spectrum.h)
//   trace         their sum, by the diagonal
//   mean          the mean of all entries = ||mean gradient||^2 >= 0
//   alignment     correlation with the labels' kernel, in [-1, 1] (reading/kernel.h)
//   images        n, which is less than the recipe's if the split has no more
// A Failure (kDiverged) if gradients are not finite.
class KernelProbe : public InitialProbe {
 public:
  // `norm` is kBatch or kFrozen.
  KernelProbe(InitialRecipe recipe, NormMode norm);

  std::string name() const override { return "tangent_kernel"; }

 protected:
  nlohmann::json OwnOptions() const override;
  double ForwardPasses(const Network&) const override;
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;

 private:
  NormMode norm_;
};

}  // namespace mote
