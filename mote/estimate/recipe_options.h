// The options that every preset offers: the knobs of its recipe, with the preset's own values as
// defaults.
#pragma once

#include <vector>

#include "mote/base/options.h"
#include "mote/probe/training_probe.h"

namespace mote {

std::vector<OptionSpec> RecipeOptions(const TrainingRecipe& defaults);

// The recipe with the options' values.
TrainingRecipe WithOptions(TrainingRecipe recipe, const Options& options);

}  // namespace mote
