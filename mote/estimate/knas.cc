// KNAS (Xu, Zhao, Lin, Gao, Sun, Yang: "KNAS: Green neural architecture search", ICML 2021) by its
// published formula: MGM, the mean of the Gram matrix of single images' loss gradients,
//
//   1/n^2 sum over i, j of <g_i, g_j> = || 1/n sum of g_i ||^2,   g_i = dL(x_i, y_i)/d theta.
//
// The mean of the g_i is the gradient of the batch's mean loss, also where batch normalisation
// makes each loss depend on all images: differentiation is linear. One pass forward and back gives
// it exactly. All parameters count, biases and batch normalisations included.
//
// On the benchmark's network with PyTorch's initial weights and 50 training images, mirrored,
// shifted and normalised, as many as the authors' code takes, which computes something else:
// knas-released.
//
// Deviations: the images go through the network as one batch, where the authors' code has batches
// of one; they are normalised by the statistics of their own training split.
#include <cmath>

#include "mote/estimate/initial.h"
#include "mote/probe/gradient_probe.h"
#include "mote/reading/finite.h"

namespace mote {

MOTE_ESTIMATOR(knas) {
  registry.Add("knas", "squared norm of the gradient of the loss before training",
               {ImagesOption(50)}, [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(setting.network.value_or(FullNetwork()), int(options.Int("images")));
                 recipe.batch.augment = true;
                 return MakeInitialEstimator(
                     {.name = "knas", .unit = "nat^2", .citation = "Xu et al., ICML 2021"},
                     std::make_shared<GradientProbe>(std::move(recipe)),
                     [](const ProbeResult& result) -> Outcome<double> {
                       const double square = SumOf(result, "gradient_square");
                       if (!std::isfinite(square)) return NotFinite("gradients");
                       return square;
                     });
               });
}

}  // namespace mote
