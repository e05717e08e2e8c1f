// Compound operations on tensors of shape [batch, channels, height, width] whose memory is in the
// order batch, height, width, channels ("channels last"). For files of this folder only.
#pragma once

#include <ATen/core/Tensor.h>

#include "mote/backends/torch/plan.h"

namespace mote::torch_backend {

// Uninitialised, channels last.
at::Tensor EmptyLike(const at::Tensor& model, std::int64_t channels, std::int64_t height,
                     std::int64_t width);

// Average pooling 3x3, stride 1, padding 1, is a box sum times the reciprocal numbers of elements
// inside the image: sums of three along each axis, over shifted views. On small images that is
// faster than avg_pool2d.
bool IsBoxPool(const Node& node);
// [1, channels, height, width]: the reciprocal numbers.
at::Tensor BoxReciprocals(const Shape& shape, const at::TensorOptions& options);
at::Tensor BoxPool(const at::Tensor& src, const at::Tensor& reciprocals);
at::Tensor BoxPoolBackward(const at::Tensor& gradient, const at::Tensor& reciprocals);

// With the constant of struct Op.
at::Tensor Gelu(const at::Tensor& src);
at::Tensor GeluBackward(const at::Tensor& gradient, const at::Tensor& src);

}  // namespace mote::torch_backend
