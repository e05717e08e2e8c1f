// Preset `fast`: five cells of 8 channels on 4x4 images, 20 epochs.
#include "mote/estimate/recipe_options.h"
#include "mote/estimate/small_preset.h"

namespace mote {
namespace {

TrainingRecipe Recipe() {
  return SmallRecipe(RowSkeleton(5, 8),
                     {.image_size = 4, .epochs = 20, .learning_rate = 5e-3});
}

}  // namespace

MOTE_PRESET(fast) {
  const std::string summary = "five cells of 8 channels on 4x4 images, 20 epochs";
  registry.Add("fast", summary, RecipeOptions(Recipe()), [summary](const Options& options) {
    Preset preset;
    preset.name = "fast";
    preset.summary = summary;
    preset.recipe = WithOptions(Recipe(), options);
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
