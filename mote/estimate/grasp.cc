// GraSP (Wang, Zhang, Grosse: "Picking winning tickets before training by preserving gradient
// flow", ICLR 2020), as the zero-cost proxies compute it (Abdelfattah et al., ICLR 2021):
// - sum of W (H g) over the weights W of convolutions and linear operations, g the gradient of the
// mean loss to them and H its Hessian. Its sign is the opposite of the pruning paper's, as in that
// code. Temperature 1, one batch.
//
// On the benchmark's network with biased convolutions and batch normalisations without scale and
// shift in cells, PyTorch's initial weights, one batch of 64 training images, mirrored, shifted and
// normalised. Zero where the loss has no gradient.
//
// Deviations from the authors' code: H g is a central difference of gradients in double precision
// (probe/hessian_gradient.h), where they differentiate twice in single; images are normalised by
// the statistics of their own training split; operations that reach nothing are left out, whose
// terms are zero.
#include "mote/estimate/initial.h"
#include "mote/probe/hessian_probe.h"

namespace mote {

MOTE_ESTIMATOR(grasp) {
  registry.Add("grasp", "how the loss's gradient changes along itself, summed with the weights",
               {ImagesOption(64)}, [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(ZeroCostForm(setting.network.value_or(FullNetwork())),
                              int(options.Int("images")));
                 recipe.batch.augment = true;
                 recipe.precision = Precision::kDouble;
                 return MakeInitialEstimator(
                     {.name = "grasp", .unit = "nat^2", .citation = "Wang et al., ICLR 2020"},
                     std::make_shared<HessianProbe>(std::move(recipe)),
                     [](const ProbeResult& result) { return SumOf(result, "grasp"); });
               });
}

}  // namespace mote
