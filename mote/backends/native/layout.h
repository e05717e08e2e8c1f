// How activations lie in memory, and the words all kernels share.
//
// A value is float32 [image groups][height][width][channels][group]: channels last, so that a
// pixel is one or more whole vectors. Where 8 channels would fill only half a vector (AVX-512), a
// group holds 2 images side by side in the lanes; else group is 1 and this is plain NHWC. The
// number of channels is rounded up with zeros.
#pragma once

#include <cstddef>

namespace mote::native {

struct Layout {
  int lanes = 4;  // floats of a vector: 16, 8 or 4
  int group = 1;  // images that share a vector: 1 or 2

  // With padding; a multiple of 8, and such that a pixel is a multiple of `lanes` floats.
  int PaddedChannels(int channels) const {
    const int step = lanes / group > 8 ? lanes / group : 8;
    return (channels + step - 1) / step * step;
  }
  // Floats of a pixel: padded channels x group. A multiple of lanes.
  int Pitch(int channels) const { return PaddedChannels(channels) * group; }
  int Groups(int images) const { return (images + group - 1) / group; }

  bool operator==(const Layout&) const = default;
};

// The pixels of a block of image groups, seen through strides (in floats). Pixels of a row follow
// each other without a gap. `data` is pixel (0, 0) of the first group; a padded buffer has
// readable pixels before it.
struct Pixels {
  float* data = nullptr;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t group = 0;
};

struct ConstPixels {
  ConstPixels() = default;
  ConstPixels(const float* first, std::ptrdiff_t row_stride, std::ptrdiff_t group_stride)
      : data(first), row(row_stride), group(group_stride) {}
  ConstPixels(const Pixels& pixels)  // NOLINT(google-explicit-constructor): like T* to const T*
      : data(pixels.data), row(pixels.row), group(pixels.group) {}

  const float* data = nullptr;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t group = 0;
};

// Extent of a block.
struct Extent {
  int groups = 0;
  int height = 0;
  int width = 0;
  int pitch = 0;  // floats of a pixel

  std::ptrdiff_t row() const { return std::ptrdiff_t(width) * pitch; }
  std::ptrdiff_t image() const { return height * row(); }
  std::ptrdiff_t floats() const { return groups * image(); }
};

// Sums over pixels and groups, lane by lane: what batch normalisation needs. Kernels add to them.
// To lose no digits, values are taken relative to `shift`, one of the values summed.
struct MomentSums {
  float* sum = nullptr;          // [pitch] sum of (y - shift)
  float* square = nullptr;       // [pitch] sum of (y - shift)^2
  const float* shift = nullptr;  // [pitch]
};

// Batch normalisation forward, folded into whoever reads the result: scale (y - mean) + shift, per
// lane. The difference is taken first, because a mean may be large against the deviation. `scale`
// null: y as it is.
struct Normalization {
  const float* scale = nullptr;  // [pitch]
  const float* mean = nullptr;   // [pitch]
  const float* shift = nullptr;  // [pitch]
};

// Batch normalisation backward, folded into whoever reads it: the gradient to the normalised value
// y is scale (g - mean_g) + slope (y - mean_y), per lane, where g is the gradient to the result.
// The differences are taken first: where they vanish, so does the gradient, to the last bit.
struct NormGradient {
  const float* scale = nullptr;   // [pitch]
  const float* slope = nullptr;   // [pitch]
  const float* mean_g = nullptr;  // [pitch]
  const float* mean_y = nullptr;  // [pitch]
};

}  // namespace mote::native
