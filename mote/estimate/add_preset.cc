#include "mote/estimate/add_preset.h"

#include <memory>
#include <vector>

#include "mote/base/check.h"

namespace mote {
namespace {

Activation ActivationOf(const std::string& name) {
  for (Activation activation : {Activation::kNone, Activation::kRelu, Activation::kGelu}) {
    if (Name(activation) == name) return activation;
  }
  MOTE_CHECK(false, "undeclared activation {}", name);
}

std::vector<OptionSpec> RecipeOptions(const TrainingRecipe& defaults) {
  return {
      {.name = "epochs",
       .default_value = std::int64_t(defaults.training.epochs),
       .help = "passes over the reduced data",
       .minimum = 1,
       .maximum = 10000},
      {.name = "learning_rate",
       .default_value = defaults.training.schedule.peak,
       .help = "constant rate of Adam",
       .minimum = 0,
       .maximum = 10},
      {.name = "batch_size",
       .default_value = std::int64_t(defaults.training.batch_size),
       .help = "images of a training step",
       .minimum = 1,
       .maximum = 65536},
      {.name = "images",
       .default_value = std::int64_t(defaults.data.images),
       .help = "images drawn, class-balanced; 0 takes all",
       .minimum = 0},
      {.name = "classes",
       .default_value = std::int64_t(defaults.data.classes),
       .help = "classes drawn where the data has more; 0 takes all",
       .minimum = 0},
      {.name = "stem",
       .default_value = std::string(Name(defaults.skeleton.stem_activation)),
       .help = "activation after the stem",
       .choices = {"none", "relu", "gelu"}},
  };
}

TrainingRecipe WithOptions(TrainingRecipe recipe, const Options& options) {
  recipe.training.epochs = int(options.Int("epochs"));
  recipe.training.schedule.peak = options.Real("learning_rate");
  recipe.training.batch_size = int(options.Int("batch_size"));
  recipe.data.images = int(options.Int("images"));
  recipe.data.classes = int(options.Int("classes"));
  recipe.skeleton.stem_activation = ActivationOf(options.Text("stem"));
  return recipe;
}

}  // namespace

void AddPreset(PresetRegistry& registry, const Preset& preset) {
  registry.Add(preset.name, preset.summary, RecipeOptions(preset.recipe),
               [preset](const Options& options) {
                 auto made = std::make_unique<Preset>(preset);
                 made->recipe = WithOptions(preset.recipe, options);
                 return made;
               });
}

}  // namespace mote
