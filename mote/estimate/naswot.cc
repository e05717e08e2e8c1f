// NASWOT (Mellor, Turner, Storkey, Crowley: "Neural architecture search without training", ICML
// 2021): ln |det K|, K_ij the number of rectifiers that images i and j switch alike. No labels, no
// gradients.
//
// On the benchmark's network with one output, PyTorch's initial weights, one batch of 128 training
// images, normalised but not changed; batch normalisation by the batch. -inf where K is singular:
// equal codes, no rectifiers.
//
// Deviations from the authors' code: they take those rectifiers that a backward pass has visited,
// which are those that reach the logits, and all that this network has; counts are exact, where
// theirs are sums in single precision; images are normalised by the statistics of their own
// training split.
#include "mote/estimate/initial.h"
#include "mote/probe/codes_probe.h"

namespace mote {

MOTE_ESTIMATOR(naswot) {
  registry.Add("naswot", "how unlike the patterns of active rectifiers are at different images",
               {ImagesOption(128)}, [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(setting.network.value_or(FullNetwork()), int(options.Int("images")));
                 recipe.outputs = 1;
                 return MakeInitialEstimator(
                     {.name = "naswot", .unit = "nat", .citation = "Mellor et al., ICML 2021"},
                     std::make_shared<CodesProbe>(std::move(recipe)),
                     [](const ProbeResult& result) { return SumOf(result, "log_det"); });
               });
}

}  // namespace mote
