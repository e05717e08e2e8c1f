// Preset `two-scale`: a cell of 8 channels at 8x8, pooling, five cells at 4x4, 10 epochs.
#include "mote/estimate/recipe_options.h"
#include "mote/estimate/small_preset.h"

namespace mote {
namespace {

TrainingRecipe Recipe() {
  return SmallRecipe(TwoScaleSkeleton(5, 8),
                     {.image_size = 8, .epochs = 10, .learning_rate = 4e-3});
}

}  // namespace

MOTE_PRESET(two_scale) {
  const std::string summary = "a cell of 8 channels at 8x8, pooling, five cells at 4x4, 10 epochs";
  registry.Add("two-scale", summary, RecipeOptions(Recipe()), [summary](const Options& options) {
    Preset preset;
    preset.name = "two-scale";
    preset.summary = summary;
    preset.recipe = WithOptions(Recipe(), options);
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
