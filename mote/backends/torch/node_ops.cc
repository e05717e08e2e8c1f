#include "mote/backends/torch/node_ops.h"

#include <ATen/Functions.h>

#include <utility>

#include "mote/backends/torch/tensor_ops.h"
#include "mote/base/check.h"

namespace mote::torch_backend {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

}  // namespace

at::Tensor ForwardOp(const Node& node, at::Tensor src, Statistics statistics, bool feed,
                     NodeState& state) {
  switch (node.kind) {
    case OpKind::kConv:
      return at::convolution(src.contiguous(kChannelsLast), state.weight, {},
                             {node.stride, node.stride}, {node.padding, node.padding}, {1, 1},
                             false, {0, 0}, 1)
          .contiguous(kChannelsLast);
    case OpKind::kBatchNorm:
      return Normalize(node, src.contiguous(kChannelsLast), state.weight, state.bias, statistics,
                       feed, state.norm);
    case OpKind::kRelu:
      return node.overwrites_src ? src.clamp_min_(0) : at::clamp_min(src, 0);
    case OpKind::kGelu:
      return Gelu(src);
    case OpKind::kAvgPool:
      if (IsBoxPool(node)) return BoxPool(src, state.reciprocals);
      return at::avg_pool2d(src.contiguous(kChannelsLast), {node.kernel, node.kernel},
                            {node.stride, node.stride}, {node.padding, node.padding}, false, false);
    case OpKind::kGlobalAvgPool:
      return at::mean(src, {2, 3}, /*keepdim=*/true);
    case OpKind::kLinear:
      return at::addmm(state.bias, src.reshape({src.size(0), src.size(1)}), state.weight.t())
          .view({src.size(0), node.shape.channels, 1, 1});
    default:
      MOTE_CHECK(false, "operation {}", Name(node.kind));
  }
}

Flow BackwardOp(const Node& node, Flow gradient, const at::Tensor& src, const Shape& from,
                bool wanted, NodeState& state) {
  const at::Tensor& slope = gradient.tensor;
  switch (node.kind) {
    case OpKind::kConv: {
      auto [to_src, to_weight, to_bias] =
          at::convolution_backward(slope, src.contiguous(kChannelsLast), state.weight, c10::nullopt,
                                   {node.stride, node.stride}, {node.padding, node.padding}, {1, 1},
                                   false, {0, 0}, 1, {wanted, true, false});
      state.weight_gradient.copy_(to_weight);
      return {std::move(to_src), true};
    }
    case OpKind::kBatchNorm: {
      auto [to_src, to_weight, to_bias] = NormalizeBackward(
          node, slope, src.contiguous(kChannelsLast), state.weight, state.norm, wanted);
      state.weight_gradient.copy_(to_weight);
      state.bias_gradient.copy_(to_bias);
      return {std::move(to_src), true};
    }
    case OpKind::kRelu:
      if (!gradient.owned) return {at::threshold_backward(slope, state.value, 0), true};
      at::threshold_backward_out(gradient.tensor, slope, state.value, 0);
      return gradient;
    case OpKind::kGelu:
      return {GeluBackward(slope, src), true};
    case OpKind::kAvgPool: {
      if (IsBoxPool(node)) return {BoxPoolBackward(slope, state.reciprocals), true};
      const at::Tensor shaped =
          EmptyLike(slope, node.src.front().channels, from.height, from.width);
      return {at::avg_pool2d_backward(slope.contiguous(kChannelsLast), shaped,
                                      {node.kernel, node.kernel}, {node.stride, node.stride},
                                      {node.padding, node.padding}, false, false, {}),
              true};
    }
    case OpKind::kGlobalAvgPool: {
      at::Tensor spread = EmptyLike(slope, node.src.front().channels, from.height, from.width);
      spread.copy_(at::div(slope, double(from.height) * from.width).expand_as(spread));
      return {std::move(spread), true};
    }
    case OpKind::kLinear: {
      const at::Tensor rows = slope.reshape({slope.size(0), slope.size(1)});
      at::mm_out(state.weight_gradient, rows.t(), src.reshape({src.size(0), src.size(1)}));
      at::sum_out(state.bias_gradient, rows, 0);
      if (!wanted) return {};
      return {at::mm(rows, state.weight).view({src.size(0), src.size(1), 1, 1}), true};
    }
    default:
      MOTE_CHECK(false, "operation {}", Name(node.kind));
  }
}

}  // namespace mote::torch_backend
