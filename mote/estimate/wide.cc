// Preset `wide`: five cells of 16 channels on 4x4 images, 10 epochs.
#include "mote/estimate/add_preset.h"
#include "mote/estimate/small_preset.h"

namespace mote {
MOTE_PRESET(wide) {
  // What measured the constants below, on unlabelled scores.
  constexpr const char* kCalibration =
      "mote calibrate --preset wide --cells 300 --seed 0 --data fashion-mnist";
  Preset preset;
  preset.name = "wide";
  preset.summary = "five cells of 16 channels on 4x4 images, 10 epochs";
  preset.recipe =
      SmallRecipe(RowSkeleton(5, 16), {.image_size = 4, .epochs = 10, .learning_rate = 5e-3});
  preset.released =
      Calibration{.landscape = {.lambda = 1.67031414, .shift = 7.42110197, .weight = 0.270008865},
                  .speed = {.lambda = 1.27648576, .shift = 9.13655886, .weight = 0.219179964},
                  .source = kCalibration};
  preset.slides =
      Calibration{.landscape = {.lambda = -1.5194349, .shift = 0.564534688, .weight = 22.375725},
                  .speed = {.lambda = -1.27648581, .shift = 0.755633197, .weight = 78.3019246},
                  .source = kCalibration};
  AddPreset(registry, preset);
}

}  // namespace mote
