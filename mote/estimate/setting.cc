#include "mote/estimate/setting.h"

namespace mote {

NetworkChoice FullNetwork() { return {.name = "full", .skeleton = BenchmarkSkeleton()}; }

NetworkChoice ReducedNetwork() { return {.name = "reduced", .skeleton = PaperSkeleton()}; }

NetworkChoice NetworkOf(const Preset& preset) {
  return {.name = preset.name,
          .skeleton = preset.recipe.skeleton,
          .image_size = preset.recipe.data.image_size};
}

NetworkChoice ZeroCostForm(NetworkChoice choice) {
  choice.skeleton.cell_conv_bias = true;
  choice.skeleton.cell_norm_affine = false;
  return choice;
}

}  // namespace mote
