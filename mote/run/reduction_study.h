// The study of how far network, data and training can be reduced and still rank: recipes that
// differ from a preset's in one thing each, and how MOTE, its terms and TSE rank by each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/probe/training_probe.h"
#include "mote/run/comparison.h"
#include "mote/run/mote_series.h"

namespace mote {

struct RecipeVariant {
  std::string factor;  // what is changed: "epochs"; empty: nothing
  std::string name;    // "epochs 40"
  TrainingRecipe recipe;
  int replicates = 1;  // scores are means over so many trainings
};

// `base` as it is first, then one thing changed at a time: channels, cells, image side, images,
// epochs, learning rate, batch size, data (noise), replicates.
std::vector<RecipeVariant> ReductionVariants(const TrainingRecipe& base);

// The names of the factors, in that order.
std::vector<std::string> ReductionFactors(std::span<const RecipeVariant> variants);

// Those of the factors and recipes named, in the order of `variants`, whose first, unchanged one
// always stays; all if none is named. Throws Error(kInvalidArgument), with what there is, on a name
// that is neither.
std::vector<RecipeVariant> Only(std::vector<RecipeVariant> variants,
                                std::span<const std::string> names);

// Why the recipe cannot be tried: the data has less than it asks for, or no network of `some` cell
// can be built for its images. None if it can.
std::optional<std::string> WhyImpossible(const TrainingRecipe& recipe, const SearchSpace& space,
                                         const Architecture& some, const Dataset& dataset);

// "MOTE", "landscape", "speed" and "TSE", in this order; scores of every seed. results[seed][r][a]
// is TrainingProbe's of architecture a in replicate r. Networks whose logits ignore the image have
// no score, nor have failed ones; MOTE has none where its terms have fewer than three values.
std::vector<Contender> ContendersOf(
    std::span<const std::vector<std::vector<Outcome<ProbeResult>>>> results,
    std::span<const LiveEdges> live);

// Indices 0 .. classes.size()-1 in two halves, by class: equal classes are in the same one. The
// draw depends on `seed` and the classes alone.
struct Halves {
  std::vector<int> choose;
  std::vector<int> report;
};
Halves SplitByClass(std::span<const Hash128> classes, std::uint64_t seed);

// Kendall's tau-b of the architectures `members`, a mean over targets and seeds; none if one of
// them has none. truths[target][a] belongs to architecture a, as scores do.
std::optional<double> MeanTau(const SeedScores& scores, std::span<const std::vector<double>> truths,
                              std::span<const int> members);

// What one recipe is chosen and judged by.
struct RecipeRank {
  std::string name;
  double core_seconds = 0;                         // of a cell, all replicates
  std::optional<double> choose = {}, report = {};  // MeanTau of MOTE on either half
};

// The recipe that ranks best on the half to choose by (the first of equals); none if none ranks.
std::optional<std::size_t> ChooseRecipe(std::span<const RecipeRank> ranks);

// The choice and what it is worth on the other half, beside ranks[0], the unchanged recipe; for
// people.
std::string ReductionFinding(std::span<const RecipeRank> ranks);

}  // namespace mote
