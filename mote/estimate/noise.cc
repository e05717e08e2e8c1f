// Preset `noise`: like wide on uniform noise with random labels, whatever the data.
#include "mote/estimate/recipe_options.h"
#include "mote/estimate/small_preset.h"

namespace mote {
namespace {

// What measured the constants below, on unlabelled scores.
constexpr const char* kCalibration =
    "mote calibrate --preset noise --cells 300 --seed 0 --data fashion-mnist";

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
    preset.released = Calibration{
        .landscape = {.lambda = 0.186132098, .shift = 1.5048438, .weight = 0.868449396},
        .speed = {.lambda = 0.75250958, .shift = 3.10032794, .weight = 0.57582445},
        .source = kCalibration};
    preset.slides = Calibration{
        .landscape = {.lambda = -0.594738991, .shift = 1.04990834, .weight = 4.19838389},
        .speed = {.lambda = -0.75250959, .shift = 1.19043207, .weight = 18.4208334},
        .source = kCalibration};
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
