// Zen-score (Lin, Wang, Sun, Chen, Sun, Qian, Li, Jin: "Zen-NAS: A zero-shot NAS for
// high-performance deep image recognition", ICCV 2021), in nats, higher is better:
//
//   ln mean_n ||f(x) - f(x + 0.01 e)||_1 + sum over batch norms of 1/2 ln mean_c running var_c
//
// f is what enters the global average pooling, x and e are images of N(0, 1), 16 of them, weights
// are N(0, 1). -inf where the images do not reach the pooling. No labels and none of the task's
// images, but their size.
//
// Deviations from the authors' code: 1 repeat, as its ports have it, where it takes 32: of 24
// random cells of NAS-Bench-201 the scores' deviation was 39 between cells and 1.2 between repeats;
// running variances start at 1 in each repeat, where theirs drift on from repeat to repeat; x and e
// are the same for all architectures. The score is made for plain networks with residual blocks,
// and says little of cells with skips and without operations.
#include "mote/estimate/initial.h"
#include "mote/probe/zen_probe.h"

namespace mote {

MOTE_ESTIMATOR(zen) {
  registry.Add("zen", "how far features move with a noise image, scales of batch norms put back",
               {ImagesOption(16), RepeatsOption(1)},
               [](const Options& options, const Setting& setting) {
                 InitialRecipe recipe =
                     RecipeOn(setting.network.value_or(FullNetwork()), int(options.Int("images")));
                 recipe.batch.source = ImageSource::kGaussian;
                 recipe.batch.batches = 2;
                 recipe.initializer = Initializer::kStandardNormal;
                 recipe.repeats = int(options.Int("repeats"));
                 return MakeInitialEstimator(
                     {.name = "zen", .unit = "nat", .citation = "Lin et al., ICCV 2021"},
                     std::make_shared<ZenProbe>(std::move(recipe)), [](const ProbeResult& result) {
                       return SumOf(result, "difference") + SumOf(result, "norm_scale");
                     });
               });
}

}  // namespace mote
