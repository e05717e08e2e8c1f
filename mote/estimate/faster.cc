// Preset `faster`: as fast, with 5 epochs.
#include "mote/estimate/small_preset.h"

namespace mote {

MOTE_PRESET(faster) {
  AddSmallPreset(
      registry,
      {.name = "faster",
       .summary = "five cells of 8 channels on 4x4 images, 5 epochs",
       .recipe =
           SmallRecipe(RowSkeleton(5, 8), {.image_size = 4, .epochs = 5, .learning_rate = 5e-3}),
       .released = {.landscape = {.lambda = 1.68320537, .shift = 3.27334324, .weight = 0.581229225},
                    .speed = {.lambda = 1.25700966, .shift = 5.46176195, .weight = 0.350867841}},
       .slides = {.landscape = {.lambda = -1.6005059, .shift = 0.583901936, .weight = 52.725547},
                  .speed = {.lambda = -1.25700967, .shift = 0.686102144, .weight = 20.061697}}});
}

}  // namespace mote
