// Preset `noise`: like wide on uniform noise with random labels, whatever the data.
#include "mote/estimate/recipe_options.h"
#include "mote/estimate/small_preset.h"

namespace mote {
namespace {

TrainingRecipe Recipe() {
  TrainingRecipe recipe = SmallRecipe(RowSkeleton(5, 16),
                                      {.image_size = 4, .epochs = 10, .learning_rate = 3e-3});
  recipe.data.source = "noise";
  return recipe;
}

}  // namespace

MOTE_PRESET(noise) {
  const std::string summary = "like wide on uniform noise with random labels, whatever the data";
  registry.Add("noise", summary, RecipeOptions(Recipe()), [summary](const Options& options) {
    Preset preset;
    preset.name = "noise";
    preset.summary = summary;
    preset.recipe = WithOptions(Recipe(), options);
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
