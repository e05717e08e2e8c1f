// How a tape's numbers lie, and what their readers make of them as they load them.
//
// Activations are [images][height][width][pitch]: channels last, each pixel filled up to whole
// vectors. What stands in the fill is nobody's concern: no kernel lets it into a real channel.
//
// A rectified or normalised value is as a rule not stored: whoever reads it makes it from its
// source (struct Value). Neither is the gradient that a normalisation passes on (struct Slope).
#pragma once

#include <cstddef>

namespace mote::native::tape {

// Pixels that follow each other without gaps.
struct Extent {
  int images = 0;
  int height = 0;
  int width = 0;
  int pitch = 0;

  std::ptrdiff_t row() const { return std::ptrdiff_t(width) * pitch; }
  std::ptrdiff_t image() const { return height * row(); }
  std::ptrdiff_t elements() const { return images * image(); }
  int pixels() const { return images * height * width; }
};

// Pixels with gaps between rows and images, seen from pixel (0, 0) of the first image; in elements.
template <typename T>
struct Place {
  T* data = nullptr;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t image = 0;
};

// x, or scale (x - mean) + shift, or the larger of that and 0. The difference is taken first,
// because a mean may be large against the deviation.
template <typename T>
struct Value {
  const T* x = nullptr;
  const T* scale = nullptr;  // [pitch], like the others; null: not normalised
  const T* mean = nullptr;
  const T* shift = nullptr;
  bool relu = false;
};

// g, or scale (g - mean_g) + slope (y - mean_y): what batch normalisation of y makes of the
// gradient to its result. The differences are taken first: where they vanish, so does the gradient.
template <typename T>
struct Slope {
  const T* g = nullptr;
  const T* scale = nullptr;   // [pitch], like the others; null: g as it is
  const T* mean_g = nullptr;  // null: scale g, of statistics that are constants
  const T* slope = nullptr;
  const T* mean_y = nullptr;
  const T* y = nullptr;
};

}  // namespace mote::native::tape
