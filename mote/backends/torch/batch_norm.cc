#include "mote/backends/torch/batch_norm.h"

#include <ATen/Functions.h>

#include <cmath>

namespace mote::torch_backend {
namespace {

// One element per channel is its own mean: the result is beta. libtorch's formula, x a + (beta -
// mean a), loses digits to cancellation here, and it would feed NaN as the unbiased variance; the
// population variance, 0, stands in.
at::Tensor NormalizeOne(const Node& node, const at::Tensor& src, const at::Tensor& beta, bool feed,
                        NormState& state) {
  state.mean = src.flatten().clone();
  state.inverse_deviation = at::full_like(state.mean, 1 / std::sqrt(node.epsilon));
  if (feed) {
    state.running_mean.mul_(1 - node.momentum).add_(state.mean, node.momentum);
    state.running_variance.mul_(1 - node.momentum);
  }
  return beta.clone().view({1, node.shape.channels, 1, 1});
}

}  // namespace

at::Tensor Normalize(const Node& node, const at::Tensor& src, const at::Tensor& gamma,
                     const at::Tensor& beta, Statistics statistics, bool feed, NormState& state) {
  if (statistics == Statistics::kRunning) {
    return std::get<0>(at::native_batch_norm(src, gamma, beta, state.running_mean,
                                             state.running_variance, false, node.momentum,
                                             node.epsilon));
  }
  if (src.size(0) * src.size(2) * src.size(3) == 1) {
    return NormalizeOne(node, src, beta, feed, state);
  }
  at::Tensor value;
  std::tie(value, state.mean, state.inverse_deviation) = at::native_batch_norm(
      src, gamma, beta, feed ? state.running_mean : at::Tensor(),
      feed ? state.running_variance : at::Tensor(), true, node.momentum, node.epsilon);
  return value;
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> NormalizeBackward(
    const Node& node, const at::Tensor& gradient, const at::Tensor& src, const at::Tensor& gamma,
    const NormState& state, bool src_wanted) {
  return at::native_batch_norm_backward(gradient, src, gamma, {}, {}, state.mean,
                                        state.inverse_deviation, true, node.epsilon,
                                        {src_wanted, true, true});
}

}  // namespace mote::torch_backend
