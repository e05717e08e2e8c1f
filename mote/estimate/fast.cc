// Preset `fast`: five cells of 8 channels on 4x4 images, 20 epochs: the default.
#include "mote/estimate/add_preset.h"
#include "mote/estimate/small_preset.h"

namespace mote {
MOTE_PRESET(fast) {
  // What measured the constants below, on unlabelled scores.
  constexpr const char* kCalibration =
      "mote calibrate --preset fast --cells 300 --seed 0 --data fashion-mnist";
  Preset preset;
  preset.name = "fast";
  preset.summary = "five cells of 8 channels on 4x4 images, 20 epochs";
  preset.recipe =
      SmallRecipe(RowSkeleton(5, 8), {.image_size = 4, .epochs = 20, .learning_rate = 5e-3});
  preset.released =
      Calibration{.landscape = {.lambda = 1.43721241, .shift = 5.16389248, .weight = 0.389887659},
                  .speed = {.lambda = 1.1990411, .shift = 8.98555866, .weight = 0.238704758},
                  .source = kCalibration};
  preset.slides =
      Calibration{.landscape = {.lambda = -1.42729983, .shift = 0.607148381, .weight = 22.6969401},
                  .speed = {.lambda = -1.1990411, .shift = 0.826550472, .weight = 314.657404},
                  .source = kCalibration};
  AddPreset(registry, preset);
}

}  // namespace mote
