// Preset `noise`: as wide, on uniform noise with random labels: it needs no images and hardly ranks
// worse.
#include "mote/estimate/small_preset.h"

namespace mote {

MOTE_PRESET(noise) {
  TrainingRecipe recipe =
      SmallRecipe(RowSkeleton(5, 16), {.image_size = 4, .epochs = 10, .learning_rate = 3e-3});
  recipe.data.source = "noise";
  AddSmallPreset(
      registry,
      {.name = "noise",
       .summary = "like wide on uniform noise with random labels, whatever the data",
       .recipe = recipe,
       .released = {.landscape = {.lambda = 0.186132098, .shift = 1.5048438, .weight = 0.868449396},
                    .speed = {.lambda = 0.75250958, .shift = 3.10032794, .weight = 0.57582445}},
       .slides = {.landscape = {.lambda = -0.594738991, .shift = 1.04990834, .weight = 4.19838389},
                  .speed = {.lambda = -0.75250959, .shift = 1.19043207, .weight = 18.4208334}}});
}

}  // namespace mote
