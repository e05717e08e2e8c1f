// What the code computes that KNAS was released with (Xu et al., ICML 2021), which is not the
// published formula (knas): of 50 images, each run through the network alone, the gradients of the
// loss to the first 50 numbers of each of the first 11 parameter tensors that have as many; then
// the covariance of each such number over the first 25 images with itself over the other 25, paired
// as they come, summed (reading/knas_released.h). It can be negative and is about 0 in expectation.
//
// On the benchmark's network with PyTorch's initial weights and training images, mirrored, shifted
// and normalised; batch normalisation by the one image.
//
// Deviations: tensors are counted in the order of the network that is built, which leaves out what
// reaches nothing and may order a cell's edges otherwise; images are normalised by the statistics
// of their own training split.
#include "mote/reading/knas_released.h"

#include "mote/estimate/initial.h"
#include "mote/probe/knas_released_probe.h"

namespace mote {

MOTE_ESTIMATOR(knas_released) {
  registry.Add(
      "knas-released", "split-half covariance of single images' gradients", {},
      [](const Options&, const Setting& setting) {
        InitialRecipe recipe = RecipeOn(setting.network.value_or(FullNetwork()), 1);
        recipe.batch.batches = kKnasImages;
        recipe.batch.augment = true;
        return MakeInitialEstimator(
            {.name = "knas-released", .unit = "nat^2", .citation = "code of Xu et al., ICML 2021"},
            std::make_shared<KnasReleasedProbe>(std::move(recipe)),
            [](const ProbeResult& result) { return SumOf(result, "covariance"); });
      });
}

}  // namespace mote
