// Sample-wise activation patterns (Peng, Song, Fayek, Ciesielski, Chang: "SWAP-NAS: Sample-wise
// activation patterns for ultra-fast NAS", ICLR 2024): each number that enters a rectifier is
// positive for some of S images and not for others; the score is how many different such patterns a
// network shows. Regularised, it is multiplied by exp(-(P - mu)^2 / sigma), P being the parameters
// of the scored network in thousands.
//
// The authors publish code and constants for DARTS' space only. Chosen here, after that code, and
// whatever --network says: one cell of three channels that reads the image without a stem, then
// pooling and linear operation; weights from N(0, 1); 16 training images; mean of 32 draws of the
// weights. Such a network of this space has 40 to some 600 parameters. mu and sigma are not
// published for it, so that there is no regularisation unless sigma is given.
//
// Deviations: the images are drawn by seed, where the authors take the first 16 of CIFAR-10, and
// normalised by the mean and deviation of their own training split; operations that reach nothing
// are left out, whose rectifiers and parameters the authors count.
#include "mote/reading/swap.h"

#include "mote/estimate/initial.h"
#include "mote/probe/swap_probe.h"

namespace mote {
namespace {

Skeleton OneCellSkeleton() {
  Skeleton skeleton;
  skeleton.stem = false;
  skeleton.stages = {{.cells = 1, .channels = 3}};
  return skeleton;
}

// `sigma` 0: without regularisation.
Outcome<double> SwapScore(const ProbeResult& result, double mu, double sigma) {
  const double patterns = SumOf(result, "patterns");
  if (sigma == 0) return patterns;
  return patterns * SwapRegularisation(std::int64_t(result["parameters"][0]), mu, sigma);
}

}  // namespace

MOTE_ESTIMATOR(swap) {
  registry.Add("swap", "patterns that units of a one-cell network show over a few images",
               {{.name = "samples",
                 .default_value = std::int64_t(16),
                 .help = "images, of which patterns are made",
                 .minimum = 1,
                 .maximum = 64},
                RepeatsOption(32),
                {.name = "mu",
                 .default_value = 0.0,
                 .help = "parameters in thousands that regularisation favours",
                 .minimum = 0},
                {.name = "sigma",
                 .default_value = 0.0,
                 .help = "width of regularisation, in thousands of parameters squared; 0: none",
                 .minimum = 0}},
               [](const Options& options, const Setting&) {
                 InitialRecipe recipe;
                 recipe.skeleton = OneCellSkeleton();
                 recipe.batch.images = int(options.Int("samples"));
                 recipe.initializer = Initializer::kStandardNormal;
                 recipe.repeats = int(options.Int("repeats"));
                 const double mu = options.Real("mu"), sigma = options.Real("sigma");
                 return MakeInitialEstimator(
                     {.name = "swap", .unit = "1", .citation = "Peng et al., ICLR 2024"},
                     std::make_shared<SwapProbe>(std::move(recipe)),
                     [=](const ProbeResult& result) { return SwapScore(result, mu, sigma); });
               });
}

}  // namespace mote
