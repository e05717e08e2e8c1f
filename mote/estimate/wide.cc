// Preset `wide`: five cells of 16 channels on 4x4 images, 10 epochs.
#include "mote/estimate/recipe_options.h"
#include "mote/estimate/small_preset.h"

namespace mote {
namespace {

TrainingRecipe Recipe() {
  return SmallRecipe(RowSkeleton(5, 16),
                     {.image_size = 4, .epochs = 10, .learning_rate = 5e-3});
}

}  // namespace

MOTE_PRESET(wide) {
  const std::string summary = "five cells of 16 channels on 4x4 images, 10 epochs";
  registry.Add("wide", summary, RecipeOptions(Recipe()), [summary](const Options& options) {
    Preset preset;
    preset.name = "wide";
    preset.summary = summary;
    preset.recipe = WithOptions(Recipe(), options);
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
