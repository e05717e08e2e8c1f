#include "mote/backends/torch/tensor_ops.h"

#include <ATen/Functions.h>

#include <cmath>
#include <numbers>

namespace mote::torch_backend {
namespace {

// Sums of each element and its neighbours at distance 1 along `dim`.
at::Tensor SumOfThree(const at::Tensor& src, int dim) {
  at::Tensor sum = src.clone(at::MemoryFormat::ChannelsLast);
  const std::int64_t pairs = src.size(dim) - 1;
  if (pairs > 0) {
    sum.narrow(dim, 0, pairs).add_(src.narrow(dim, 1, pairs));
    sum.narrow(dim, 1, pairs).add_(src.narrow(dim, 0, pairs));
  }
  return sum;
}

at::Tensor SumOfNine(const at::Tensor& src) { return SumOfThree(SumOfThree(src, 3), 2); }

const double kGeluScale = std::sqrt(std::numbers::pi / 2);
constexpr double kGeluCubic = 0.044715;

// tanh(scale (x + cubic x^3)).
at::Tensor GeluTanh(const at::Tensor& src) {
  return at::square(src).mul_(kGeluScale * kGeluCubic).add_(kGeluScale).mul_(src).tanh_();
}

}  // namespace

at::Tensor EmptyLike(const at::Tensor& model, std::int64_t channels, std::int64_t height,
                     std::int64_t width) {
  return at::empty({model.size(0), channels, height, width}, model.options(),
                   at::MemoryFormat::ChannelsLast);
}

bool IsBoxPool(const Node& node) {
  return node.kind == OpKind::kAvgPool && node.kernel == 3 && node.stride == 1 && node.padding == 1;
}

at::Tensor BoxReciprocals(const Shape& shape, const at::TensorOptions& options) {
  const at::Tensor ones = at::ones({1, shape.channels, shape.height, shape.width}, options)
                              .contiguous(at::MemoryFormat::ChannelsLast);
  return SumOfNine(ones).reciprocal_();
}

at::Tensor BoxPool(const at::Tensor& src, const at::Tensor& reciprocals) {
  return SumOfNine(src).mul_(reciprocals);
}

at::Tensor BoxPoolBackward(const at::Tensor& gradient, const at::Tensor& reciprocals) {
  // The box sum is its own adjoint.
  return SumOfNine(at::mul(gradient, reciprocals));
}

at::Tensor Gelu(const at::Tensor& src) { return GeluTanh(src).add_(1).mul_(src).mul_(0.5); }

at::Tensor GeluBackward(const at::Tensor& gradient, const at::Tensor& src) {
  // d/dx = (1 + t)/2 + x (1 - t^2) scale (1 + 3 cubic x^2) / 2 with t the tanh.
  const at::Tensor t = GeluTanh(src);
  at::Tensor slope = at::square(src).mul_(3 * kGeluCubic).add_(1).mul_(src).mul_(kGeluScale);
  slope.mul_(at::square(t).neg_().add_(1)).add_(t).add_(1).mul_(0.5);
  return slope.mul_(gradient);
}

}  // namespace mote::torch_backend
