// Minimum eigenvalue of correlation (Jiang, Wang, Bie: "MeCo: Zero-shot NAS with one data and
// single forward pass via minimum eigenvalue of correlation", NeurIPS 2023): the smallest
// eigenvalue of Pearson's correlations between the channels of a feature map of one image, summed
// over the maps of a network. Higher is better. With option channels, MeCo_opt: of so many channels
// alone, drawn at random (8 in the paper), times all channels / so many.
//
// On the benchmark's network, PyTorch's initial weights, one training image, mirrored, shifted and
// normalised. No labels.
//
// Deviations from the authors' code: maps are the results of all convolutions, batch
// normalisations, activations, average poolings and sums of more than one position, each counted
// once, where the code counts the outputs of all modules, and a map again for every module that
// ends with it; eigenvalues within rounding of zero are zero (where a map has no more positions
// than channels all are); the image is normalised by the mean and deviation of its own training
// split; operations that reach nothing are left out.
#include "mote/estimate/initial.h"
#include "mote/probe/meco_probe.h"

namespace mote {

MOTE_ESTIMATOR(meco) {
  registry.Add(
      "meco", "how independent the channels of one image's feature maps are",
      {{.name = "channels",
        .default_value = std::int64_t(0),
        .help = "of each map, drawn at random, or 0 for all",
        .minimum = 0,
        .maximum = 65536}},
      [](const Options& options, const Setting& setting) {
        InitialRecipe recipe = RecipeOn(setting.network.value_or(FullNetwork()), /*images=*/1);
        recipe.batch.augment = true;
        return MakeInitialEstimator(
            {.name = "meco", .unit = "1", .citation = "Jiang et al., NeurIPS 2023"},
            std::make_shared<MecoProbe>(std::move(recipe), int(options.Int("channels"))),
            [](const ProbeResult& result) { return SumOf(result, "smallest_eigenvalue"); });
      });
}

}  // namespace mote
