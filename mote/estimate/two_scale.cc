// Preset `two-scale`: one cell at 8x8, 2x2 pooling, five cells at 4x4: it helps among the very best
// cells only.
#include "mote/estimate/small_preset.h"

namespace mote {

MOTE_PRESET(two_scale) {
  AddSmallPreset(
      registry,
      {.name = "two-scale",
       .summary = "a cell of 8 channels at 8x8, pooling, five cells at 4x4, 10 epochs",
       .recipe = SmallRecipe(TwoScaleSkeleton(5, 8),
                             {.image_size = 8, .epochs = 10, .learning_rate = 4e-3}),
       .released = {.landscape = {.lambda = 1.14326847, .shift = 3.30429111, .weight = 0.529312813},
                    .speed = {.lambda = 1.04466417, .shift = 5.61931608, .weight = 0.328903014}},
       .slides = {.landscape = {.lambda = -1.13505943, .shift = 0.72353824, .weight = 13.1393707},
                  .speed = {.lambda = -1.04466417, .shift = 0.90370639, .weight = 40.4013797}}});
}

}  // namespace mote
