// Zero-shot inverse coefficient of variation (Li, Yang, Bhardwaj, Marculescu: "ZiCo: Zero-shot NAS
// via inverse coefficient of variation on gradients", ICLR 2023). With the gradients g_b of the
// mean cross-entropy of batches b to the weights of convolutions and the linear operation:
//
//   sum over layers of ln sum over weights of (mean_b |g_b| / deviation_b g_b)
//
// the deviation being that of the population. Weights without deviation are left out, and layers
// without any other, so that a network that learns nothing from its images has 0. Higher is better.
// On the benchmark's network, PyTorch's initial weights, 2 batches of 64 different training images,
// mirrored, shifted and normalised (the sizes of AZ-NAS' comparison on this benchmark; the authors
// take 128 for ImageNet).
//
// Deviations from the authors' code: images are normalised by the mean and deviation of their own
// training split; operations that reach nothing are left out.
#include "mote/estimate/initial.h"
#include "mote/probe/zico_probe.h"

namespace mote {

MOTE_ESTIMATOR(zico) {
  registry.Add("zico", "how little gradients vary between batches",
               {ImagesOption(64),
                {.name = "batches",
                 .default_value = std::int64_t(2),
                 .help = "batches of different images",
                 .minimum = 2,
                 .maximum = 100}},
               [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(setting.network.value_or(FullNetwork()), int(options.Int("images")));
                 recipe.batch.augment = true;
                 recipe.batch.batches = int(options.Int("batches"));
                 return MakeInitialEstimator(
                     {.name = "zico", .unit = "nat", .citation = "Li et al., ICLR 2023"},
                     std::make_shared<ZicoProbe>(std::move(recipe)), [](const ProbeResult& result) {
                       return SumOf(result, "log_inverse_variation");
                     });
               });
}

}  // namespace mote
