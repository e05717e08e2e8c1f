// Preset `wide`: five cells of 16 channels on 4x4 images, 10 epochs.
#include "mote/estimate/small_preset.h"

namespace mote {

MOTE_PRESET(wide) {
  AddSmallPreset(
      registry,
      {.name = "wide",
       .summary = "five cells of 16 channels on 4x4 images, 10 epochs",
       .recipe =
           SmallRecipe(RowSkeleton(5, 16), {.image_size = 4, .epochs = 10, .learning_rate = 5e-3}),
       .released = {.landscape = {.lambda = 1.67031414, .shift = 7.42110197, .weight = 0.270008865},
                    .speed = {.lambda = 1.27648576, .shift = 9.13655886, .weight = 0.219179964}},
       .slides = {.landscape = {.lambda = -1.5194349, .shift = 0.564534688, .weight = 22.375725},
                  .speed = {.lambda = -1.27648581, .shift = 0.755633197, .weight = 78.3019246}}});
}

}  // namespace mote
