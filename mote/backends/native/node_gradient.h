// A node of a cell, backward: the gradient to it from all that read it, in one pass, and the sums
// that the backward passes of the batch normalisations before it need.
//
// Cost: memory traffic, at the bandwidth of the cache the operands are in.
#pragma once

#include <span>

#include "mote/backends/native/layout.h"

namespace mote::native {

// g spread evenly over windows of height x width pixels: the gradient of average pooling without
// overlap or padding. g is a dense block of pooled pixels, floor(extent / window) of them each way;
// pixels outside all windows get nothing.
struct Spread {
  const float* g = nullptr;
  int height = 1;
  int width = 1;
};

// One product sum for the backward pass of a batch normalisation whose result this node adds.
struct ProductSum {
  const float* y = nullptr;     // dense block: what was normalised
  const float* mean = nullptr;  // [pitch]
  float* sum = nullptr;         // [pitch], added to: sum of g (y - mean)
};

// The gradient to a node: g = conv part (only where x > 0 if `relu`) + sum of skips + transposed
// 3x3 pools + spreads; skips and pools hold the gradients of the nodes that read this one so.
struct NodeGradient {
  Extent extent;
  ConstPixels conv = {};     // gradient to relu(x) or x from convolutions; data null: none
  const float* x = nullptr;  // for the ReLU: the node, or what it normalises
  Normalization norm = {};   // of x
  bool relu = true;
  std::span<const float* const> skips = {};
  std::span<const float* const> pools = {};
  std::span<const Spread> spreads = {};
  float* g = nullptr;
  // Sums over the block, added to; gradient_sum null: not wanted.
  float* gradient_sum = nullptr;  // [pitch]: sum of g
  std::span<const ProductSum> products = {};
};
void SumNodeGradient(const NodeGradient& node);

}  // namespace mote::native
