#include "mote/run/reduction_study.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/base/options.h"
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

// No values where the terms have too few for a scale: that is a recipe that ranks nothing, and no
// reason to end a study.
ScoreSeries JoinWherePossible(const ScoreSeries& landscape, const ScoreSeries& speed) {
  try {
    return JoinOnOwnScale(landscape, speed);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument) throw;
    return ScoreSeries(landscape.size());
  }
}

std::string TauText(const std::optional<double>& tau) {
  return tau ? fmt::format("{:.3f}", *tau) : "none";
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

std::vector<RecipeVariant> Only(std::vector<RecipeVariant> variants,
                                std::span<const std::string> names) {
  const auto named = [](const RecipeVariant& variant, const std::string& name) {
    return variant.factor == name || variant.name == name;
  };
  for (const std::string& name : names) {
    if (std::ranges::any_of(variants, [&](const auto& variant) { return named(variant, name); })) {
      continue;
    }
    std::vector<std::string> known = ReductionFactors(variants);
    for (const RecipeVariant& variant : variants) known.push_back(variant.name);
    Throw(ErrorCode::kInvalidArgument, "there is no factor or recipe '{}'; there is {}", name,
          ListOr(known));
  }
  std::erase_if(variants, [&](const RecipeVariant& variant) {
    return !names.empty() && !variant.factor.empty() &&
           std::ranges::none_of(names, [&](const auto& name) { return named(variant, name); });
  });
  return variants;
}

std::optional<std::string> WhyImpossible(const TrainingRecipe& recipe, const SearchSpace& space,
                                         const Architecture& some, const Dataset& dataset) {
  const DataRecipe& data = recipe.data;
  const int images = dataset.split(Dataset::kTrain).images();
  if (data.source == "task" && data.images > images) {
    return fmt::format("the data has only {} training images", images);
  }
  if (data.source == "task" && data.image_size > std::max(dataset.height(), dataset.width())) {
    return fmt::format("the images have only {}x{} pixels", dataset.height(), dataset.width());
  }
  try {
    (void)TrainingProbe(recipe).ForecastMacs(space, some, dataset);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument) throw;
    return error.what();
  }
  return std::nullopt;
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
    contenders[0].scores.push_back(JoinWherePossible(landscape, speed));
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

std::optional<double> MeanTau(const SeedScores& scores, std::span<const std::vector<double>> truths,
                              std::span<const int> members) {
  double sum = 0;
  for (const auto& values : truths) {
    for (const auto& series : scores) {
      ScoreSeries some;
      std::vector<double> truth;
      for (int a : members) {
        some.push_back(series[a]);
        truth.push_back(values[a]);
      }
      const auto tau = Correlate(some, truth, Key(0, "no resampling"), /*rounds=*/0).tau;
      if (!tau) return std::nullopt;
      sum += *tau;
    }
  }
  return sum / double(truths.size() * scores.size());
}

std::optional<std::size_t> ChooseRecipe(std::span<const RecipeRank> ranks) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i].choose && (!best || *ranks[i].choose > *ranks[*best].choose)) best = i;
  }
  return best;
}

std::string ReductionFinding(std::span<const RecipeRank> ranks) {
  const std::optional<std::size_t> best = ChooseRecipe(ranks);
  if (!best) return "No recipe ranks the half of the classes that one is chosen by.\n";
  const RecipeRank& chosen = ranks[*best];
  const std::string choice =
      fmt::format("On one half of the classes '{}' ranks best, with a mean tau of {}", chosen.name,
                  TauText(chosen.choose));
  if (*best == 0) {
    return fmt::format("{}; on the other half it has {}. It costs {:.3f} core seconds a cell.\n",
                       choice, TauText(chosen.report), chosen.core_seconds);
  }
  return fmt::format(
      "{}; on the other half it has {}, the unchanged recipe {}. It costs {:.3f} core seconds a "
      "cell, the unchanged one {:.3f}.\n",
      choice, TauText(chosen.report), TauText(ranks[0].report), chosen.core_seconds,
      ranks[0].core_seconds);
}

}  // namespace mote
