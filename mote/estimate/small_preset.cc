#include "mote/estimate/small_preset.h"

#include <fmt/format.h>

namespace mote {

TrainingRecipe SmallRecipe(Skeleton skeleton, const SmallPresetSize& size) {
  TrainingRecipe recipe;
  recipe.skeleton = std::move(skeleton);
  recipe.skeleton.norm_epsilon = 1e-4;
  recipe.skeleton.norm_momentum = 0.003;
  recipe.data = {.source = "task", .image_size = size.image_size, .classes = 10, .images = 512};
  recipe.training.epochs = size.epochs;
  recipe.training.batch_size = 64;
  recipe.training.loss.label_smoothing = 0.01;
  recipe.training.schedule = {ScheduleKind::kConstant, size.learning_rate};
  recipe.line = LineMode::kEvaluate;
  recipe.line_points = {4, 6, 8, 10};
  recipe.line_images = 256;
  recipe.line_batch_size = 128;
  return recipe;
}

void AddSmallPreset(PresetRegistry& registry, const SmallPreset& small) {
  const auto measured = [&](const SmallPresetTerms& terms) {
    return Calibration{
        .landscape = terms.landscape,
        .speed = terms.speed,
        .source = fmt::format(
            "mote calibrate --preset {} --cells 300 --seed 0 --data fashion-mnist", small.name)};
  };
  Preset preset;
  preset.name = small.name;
  preset.summary = small.summary;
  preset.recipe = small.recipe;
  preset.released = measured(small.released);
  preset.slides = measured(small.slides);
  AddPreset(registry, preset);
}

}  // namespace mote
