#include "mote/run/reduction_study.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/estimate/mote_terms.h"
#include "mote/reading/training_speed.h"

namespace mote {
namespace {

// What is read of one training.
using Reading = std::function<double(const ProbeResult&, const LiveEdges&)>;

// Means over the replicates; none if one of them has none.
ScoreSeries Read(const std::vector<std::vector<Outcome<ProbeResult>>>& replicates,
                 std::span<const LiveEdges> live, const Reading& reading) {
  ScoreSeries series(live.size(), 0.0);
  for (const auto& results : replicates) {
    MOTE_CHECK(results.size() == live.size());
    for (std::size_t a = 0; a < live.size(); ++a) {
      const Outcome<ProbeResult>& run = results[a];
      if (!run || (*run)["learnable"][0] == 0) {
        series[a].reset();
      } else if (series[a]) {
        *series[a] += reading(*run, live[a]) / double(replicates.size());
      }
    }
  }
  return series;
}

}  // namespace

std::vector<RecipeVariant> ReductionVariants(const TrainingRecipe& base) {
  std::vector<RecipeVariant> variants = {{"", "as it is", base}};
  const auto add = [&](const std::string& factor, const std::string& value, auto change) {
    RecipeVariant variant{factor, factor + " " + value, base};
    change(variant);
    if (variant.recipe.ToJson() == base.ToJson() && variant.replicates == 1) return;
    variants.push_back(std::move(variant));
  };
  for (int channels : {4, 16, 32}) {
    add("channels", std::to_string(channels), [channels](RecipeVariant& variant) {
      for (Stage& stage : variant.recipe.skeleton.stages) stage.channels = channels;
    });
  }
  for (int cells : {1, 2, 3, 8}) {
    add("cells", std::to_string(cells),
        [cells](RecipeVariant& variant) { variant.recipe.skeleton.stages.back().cells = cells; });
  }
  for (int side : {2, 8}) {
    add("side", std::to_string(side),
        [side](RecipeVariant& variant) { variant.recipe.data.image_size = side; });
  }
  for (int images : {128, 256, 1024, 2048}) {
    add("images", std::to_string(images),
        [images](RecipeVariant& variant) { variant.recipe.data.images = images; });
  }
  for (int epochs : {2, 5, 10, 40}) {
    add("epochs", std::to_string(epochs),
        [epochs](RecipeVariant& variant) { variant.recipe.training.epochs = epochs; });
  }
  for (double rate : {1e-3, 2e-3, 1e-2, 2e-2}) {
    add("rate", fmt::format("{}", rate),
        [rate](RecipeVariant& variant) { variant.recipe.training.schedule.peak = rate; });
  }
  for (int size : {32, 128}) {
    add("batch", std::to_string(size),
        [size](RecipeVariant& variant) { variant.recipe.training.batch_size = size; });
  }
  add("data", "noise", [](RecipeVariant& variant) { variant.recipe.data.source = "noise"; });
  for (int replicates : {2, 4}) {
    add("replicates", std::to_string(replicates),
        [replicates](RecipeVariant& variant) { variant.replicates = replicates; });
  }
  return variants;
}

std::vector<std::string> ReductionFactors(std::span<const RecipeVariant> variants) {
  std::vector<std::string> factors;
  for (const RecipeVariant& variant : variants) {
    if (!variant.factor.empty() && (factors.empty() || factors.back() != variant.factor)) {
      factors.push_back(variant.factor);
    }
  }
  return factors;
}

std::vector<Contender> ContendersOf(
    std::span<const std::vector<std::vector<Outcome<ProbeResult>>>> results,
    std::span<const LiveEdges> live) {
  std::vector<Contender> contenders = {{"MOTE", {}}, {"landscape", {}}, {"speed", {}}, {"TSE", {}}};
  for (const auto& replicates : results) {
    const ScoreSeries landscape =
        Read(replicates, live, [](const ProbeResult& run, const LiveEdges&) {
          return LandscapeTerm(run["line_loss"], MoteForm::kReleased);
        });
    const ScoreSeries speed =
        Read(replicates, live, [](const ProbeResult& run, const LiveEdges& edges) {
          return SpeedTerm(run["epoch_loss"], CountedSeconds(edges), MoteForm::kReleased);
        });
    contenders[0].scores.push_back(JoinOnOwnScale(landscape, speed));
    contenders[1].scores.push_back(landscape);
    contenders[2].scores.push_back(speed);
    contenders[3].scores.push_back(Read(
        replicates, live,
        [](const ProbeResult& run, const LiveEdges&) { return -SumOfLosses(run["epoch_loss"]); }));
  }
  return contenders;
}

Halves SplitByClass(std::span<const Hash128> classes, std::uint64_t seed) {
  Halves halves;
  for (std::size_t a = 0; a < classes.size(); ++a) {
    Rng rng(Key(seed, "reduction", "half", classes[a].Hex()));
    (rng.Bits32() & 1 ? halves.choose : halves.report).push_back(int(a));
  }
  return halves;
}

}  // namespace mote
