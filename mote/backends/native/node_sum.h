// A node of a cell, forward: the sum of its edges' results in one pass, which reads each operand
// once and writes each result once.
//
// Cost: memory traffic, at the bandwidth of the cache the operands are in.
#pragma once

#include <span>

#include "mote/backends/native/layout.h"

namespace mote::native {

// A batch-normalised operand: scale (y - mean) + (its part of the common shift). The difference is
// taken first, because a mean may be large against the deviation.
struct NormedOperand {
  const float* y = nullptr;
  const float* scale = nullptr;  // [pitch]
  const float* mean = nullptr;   // [pitch]
};

// x = shift + sum of scale_i (y_i - mean_i) + sum of skips + sum of pools. All operands and x are
// dense blocks of the extent.
struct NodeSum {
  Extent extent;
  std::span<const NormedOperand> normed = {};
  const float* shift = nullptr;  // [pitch]; null: zero
  std::span<const float* const> skips = {};
  // 3x3 average pools of stride 1: mean of the window's pixels inside the image.
  std::span<const float* const> pools = {};
  float* x = nullptr;  // null: not stored
  // The same, or max(x, 0) if `relu`, into a buffer with strides; data null: not wanted.
  Pixels copy = {};
  bool relu = false;
  MomentSums sums = {};  // of x; sum null: not wanted
};
void SumNode(const NodeSum& node);

}  // namespace mote::native
