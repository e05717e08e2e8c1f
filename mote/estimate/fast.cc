// Preset `fast`: five cells of 8 channels on 4x4 images, 20 epochs: the default.
#include "mote/estimate/small_preset.h"

namespace mote {

MOTE_PRESET(fast) {
  AddSmallPreset(
      registry,
      {.name = "fast",
       .summary = "five cells of 8 channels on 4x4 images, 20 epochs",
       .recipe =
           SmallRecipe(RowSkeleton(5, 8), {.image_size = 4, .epochs = 20, .learning_rate = 5e-3}),
       .released = {.landscape = {.lambda = 1.43721241, .shift = 5.16389248, .weight = 0.389887659},
                    .speed = {.lambda = 1.1990411, .shift = 8.98555866, .weight = 0.238704758}},
       .slides = {.landscape = {.lambda = -1.42729983, .shift = 0.607148381, .weight = 22.6969401},
                  .speed = {.lambda = -1.1990411, .shift = 0.826550472, .weight = 314.657404}}});
}

}  // namespace mote
