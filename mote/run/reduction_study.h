// The study of how far network, data and training can be reduced and still rank: recipes that
// differ from a preset's in one thing each, and how MOTE, its terms and TSE rank by each.
#pragma once

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

// "MOTE", "landscape", "speed" and "TSE", in this order; scores of every seed. results[seed][r][a]
// is TrainingProbe's of architecture a in replicate r. Networks whose logits ignore the image have
// no score, nor have failed ones.
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

}  // namespace mote
