// Where a sliding window reads: the geometry that convolution and pooling share.
#pragma once

#include <algorithm>

#include "mote/graph/network.h"

namespace mote::reference {

// The positions of a result along one axis, [begin, end), at which the given element of the window
// lies inside the image: 0 <= position * stride + tap - padding < src_length.
struct Range {
  int begin;
  int end;
};

inline Range PositionsInside(const Op& op, int tap, int src_length, int dst_length) {
  const int first = std::max(0, op.padding - tap);
  const int last = src_length - 1 + op.padding - tap;
  if (last < 0) return {0, 0};
  return {(first + op.stride - 1) / op.stride, std::min(dst_length, last / op.stride + 1)};
}

// Calls visit(y, x, src_y, src_x) for every position (y, x) of the result at which element (ky, kx)
// of the window lies inside the image, there at (src_y, src_x).
template <typename Visit>
void ForEachPosition(const Op& op, Shape src, int ky, int kx, const Visit& visit) {
  const Range rows = PositionsInside(op, ky, src.height, op.shape.height);
  const Range columns = PositionsInside(op, kx, src.width, op.shape.width);
  for (int y = rows.begin; y < rows.end; ++y) {
    for (int x = columns.begin; x < columns.end; ++x) {
      visit(y, x, y * op.stride + ky - op.padding, x * op.stride + kx - op.padding);
    }
  }
}

// How many elements of the window at (y, x) lie inside the image; at least 1, because padding is
// smaller than the window.
inline int ElementsInside(const Op& op, Shape src, int y, int x) {
  const auto inside = [&op](int position, int length) {
    const int begin = position * op.stride - op.padding;
    return std::min(begin + op.kernel, length) - std::max(begin, 0);
  };
  return inside(y, src.height) * inside(x, src.width);
}

}  // namespace mote::reference
