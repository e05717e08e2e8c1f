// The geometry of a convolution, worked out once: which pixel of the source meets which element of
// the kernel at which pixel of the result. The gradient to the source is a convolution, too: of the
// result's gradient with the kernel turned round, for stride s one for each of s x s phases of the
// pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mote/backends/native/tape/forms.h"
#include "mote/graph/network.h"

namespace mote::native::tape {

// A copy of some images with a border of zeros, one between neighbours: the right border of a row
// is the left one of the next. Offsets in elements.
struct Frame {
  int border = 0;
  int height = 0;
  int width = 0;
  int pitch = 0;

  bool operator==(const Frame&) const = default;

  std::ptrdiff_t row() const { return std::ptrdiff_t(width + border) * pitch; }
  std::ptrdiff_t image() const { return (height + border) * row(); }
  // Of pixel (y, x), which may lie in the border.
  std::ptrdiff_t At(int image_index, int y, int x) const {
    return image_index * image() + (border + y) * row() + std::ptrdiff_t(border + x) * pitch;
  }
  // Of all of it, with the borders after the last image.
  std::ptrdiff_t Elements(int images) const {
    return images * image() + border * row() + std::ptrdiff_t(border) * pitch;
  }
};

// An element of the kernel: where its source lies, from that of element (0, 0) on, and which it is.
struct Tap {
  std::ptrdiff_t src;
  int index;
};

// The first of kStrand pixels, or a pixel alone: its source and where the result goes.
struct Strand {
  std::int32_t src;
  std::int32_t dst;
};
inline constexpr int kStrand = 4;

struct Stencil {
  std::vector<Tap> taps = {};
  // Image by image.
  std::vector<Strand> strands = {};
  std::vector<Strand> singles = {};
  int strands_per_image = 0;
  int singles_per_image = 0;
  // From pixel to pixel of a strand.
  std::ptrdiff_t src_step = 0;
  std::ptrdiff_t dst_step = 0;
};

// Of up to `images` images, from the frame of the source to the result without gaps.
struct ForwardGeometry {
  Frame frame;
  Stencil stencil;
};
ForwardGeometry MakeForward(const Op& op, Shape src, int src_pitch, int dst_pitch, int images);

// From the frame of the gradient to the result, to the gradient to the source without gaps.
struct BackwardGeometry {
  Frame frame;
  std::vector<Stencil> phases = {};
};
BackwardGeometry MakeBackward(const Op& op, Shape src, int src_pitch, int dst_pitch, int images);

}  // namespace mote::native::tape
