#include "mote/data/augment.h"

#include <algorithm>
#include <vector>

#include "mote/base/check.h"

namespace mote {

int LargestShift(int side) { return std::min(4, side / 8); }

void Augment(float* images, int count, int height, int width, int channels, const Key& key) {
  MOTE_CHECK(count >= 0 && height > 0 && width > 0 && channels > 0);
  Rng rng(key);
  const int reach_y = LargestShift(height), reach_x = LargestShift(width);
  const std::size_t size = std::size_t(height) * width * channels;
  std::vector<float> original(size);
  for (int image = 0; image < count; ++image) {
    // Three draws per image whatever they say, so that each depends on its place alone.
    const bool mirror = rng.Bits32() & 1;
    const int shift_y = int(rng.Below(2 * reach_y + 1)) - reach_y;
    const int shift_x = int(rng.Below(2 * reach_x + 1)) - reach_x;
    float* pixels = images + image * size;
    std::copy_n(pixels, size, original.begin());
    std::fill_n(pixels, size, 0.0f);
    for (int y = std::max(0, shift_y); y < std::min(height, height + shift_y); ++y) {
      const float* src = &original[std::size_t(y - shift_y) * width * channels];
      float* dst = pixels + std::size_t(y) * width * channels;
      for (int x = std::max(0, shift_x); x < std::min(width, width + shift_x); ++x) {
        const int from = mirror ? width - 1 - (x - shift_x) : x - shift_x;
        std::copy_n(src + std::size_t(from) * channels, channels, dst + std::size_t(x) * channels);
      }
    }
  }
}

}  // namespace mote
