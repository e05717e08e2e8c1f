// How unlike a network's slopes are at different images (Mellor, Turner, Storkey, Crowley, first
// version of "Neural architecture search without training", 2020), as the zero-cost proxies compute
// it (Abdelfattah et al., ICLR 2021): - sum over the eigenvalues v of the correlation matrix of the
// images' gradients of ln(v + e) + 1 / (v + e), e = 1e-5. No labels, no loss.
//
// On the benchmark's network with biased convolutions and batch normalisations without scale and
// shift in cells, PyTorch's initial weights, one batch of 64 training images, mirrored, shifted and
// normalised. Undefined where the logits do not depend on an image.
//
// Deviations from the authors' code: eigenvalues are those of a symmetric matrix, in double
// precision, and zero where they cannot be told from it; images are normalised by the statistics of
// their own training split.
#include "mote/estimate/initial.h"
#include "mote/probe/jacobian_probe.h"

namespace mote {

MOTE_ESTIMATOR(jacob_cov) {
  registry.Add("jacob-cov", "how unlike the slopes of the logits are at different images",
               {ImagesOption(64)}, [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(ZeroCostForm(setting.network.value_or(FullNetwork())),
                              int(options.Int("images")));
                 recipe.batch.augment = true;
                 return MakeInitialEstimator(
                     {.name = "jacob-cov", .unit = "1", .citation = "Mellor et al., 2020"},
                     std::make_shared<JacobianProbe>(std::move(recipe)),
                     [](const ProbeResult& result) { return SumOf(result, "covariance_score"); });
               });
}

}  // namespace mote
