// Which convolutions go by Winograd's F(4x4, 3x3) (native/winograd.h) and how their products lie.
//
// Points are [36][tiles of a chunk][pitch], 36 matrices `matrix` elements apart.
#pragma once

#include <cstddef>
#include <span>

#include "mote/backends/native/tape/forms.h"
#include "mote/backends/native/tape/stencil.h"

namespace mote::native::tape {

inline constexpr int kPoints = 36;

// 3x3 of stride 1 and padding 1 on images whose sides are multiples of 4, with enough channels to
// pay for the transforms.
bool GoesMinimal(const Op& op, Shape src);

inline int TilesOf(const Extent& extent) { return extent.pixels() / 16; }

// An odd number of cache lines, so that a tile's 36 values do not meet in few places of the cache.
template <typename T>
std::ptrdiff_t MatrixOf(const Extent& extent) {
  constexpr std::ptrdiff_t kLine = 64 / sizeof(T);
  const std::ptrdiff_t lines = (std::ptrdiff_t(TilesOf(extent)) * extent.pitch + kLine - 1) / kLine;
  return (lines | 1) * kLine;
}

// The products of one point, as a convolution of `tiles` pixels with a kernel of one element. Its
// singles are those that fill no strand.
Stencil TileStencil(int tiles, int src_pitch, int dst_pitch);

}  // namespace mote::native::tape
