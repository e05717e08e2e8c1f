// Three of the four parts of AZ-NAS (Lee, Ham: "AZ-NAS: Assembling zero-cost proxies for network
// architecture search", CVPR 2024), read off one probe; the fourth is the estimator macs, and the
// ranking az-nas joins them. Of the features behind the stem and behind each residual block and
// cell, all higher is better:
//
//   az-expressivity    sum of the spectral entropies of the covariances between channels
//   az-progressivity   smallest increase of that entropy from one feature to the next
//   az-trainability    mean over blocks of -s - 1 / (s + 1e-6) + 2, with s the spectral norm of
//                      (slopes before the block)^T (slopes behind it) / positions, for slopes of
//                      +-1 at random behind the block
//
// On the benchmark's network, weights from N(0, 2 / fan in), 64 images of N(0, 1). -inf where a
// feature does not vary at all (the first two), and where a block changes nothing (the last), as
// the authors have it.
//
// Deviations from the authors' code: eigenvalues within rounding of zero are zero, where a negative
// one can make its entropy NaN; where stages are joined by pooling alone (not the benchmark), the
// pooling belongs to the cell behind it; operations that reach nothing are left out.
#include <algorithm>
#include <limits>
#include <numeric>

#include "mote/estimate/initial.h"
#include "mote/probe/az_probe.h"
#include "mote/reading/expressivity.h"

namespace mote {
namespace {

Outcome<double> ProgressivityOf(std::span<const double> entropies) {
  // Without this, two features that do not vary would have the difference of two infinities.
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  return std::ranges::count(entropies, kNone) > 0 ? kNone : Progressivity(entropies);
}

Outcome<double> MeanOf(std::span<const double> terms) {
  return std::accumulate(terms.begin(), terms.end(), 0.0) / double(terms.size());
}

}  // namespace

MOTE_ESTIMATOR(az_blocks) {
  const auto add = [&registry](const std::string& name, const std::string& summary,
                               const std::string& unit, const std::string& series,
                               Outcome<double> (*reading)(std::span<const double>)) {
    registry.Add(
        name, summary, {ImagesOption(64), RepeatsOption(1)},
        [=](const Options& options, const Setting& setting) {
          InitialRecipe recipe =
              RecipeOn(setting.network.value_or(FullNetwork()), int(options.Int("images")));
          recipe.batch.source = ImageSource::kGaussian;
          recipe.initializer = Initializer::kKaimingNormalFanIn;
          recipe.repeats = int(options.Int("repeats"));
          return MakeInitialEstimator(
              {.name = name, .unit = unit, .citation = "Lee & Ham, CVPR 2024"},
              std::make_shared<AzProbe>(std::move(recipe)),
              [=](const ProbeResult& result) { return MeanOverRepeats(result, series, reading); });
        });
  };
  add("az-expressivity", "how evenly features fill the space of their channels", "nat", "entropy",
      [](std::span<const double> entropies) -> Outcome<double> { return Expressivity(entropies); });
  add("az-progressivity", "how that grows from block to block, at its least", "nat", "entropy",
      ProgressivityOf);
  add("az-trainability", "whether blocks hand back slopes of the size they were given", "1",
      "trainability", MeanOf);
}

}  // namespace mote
