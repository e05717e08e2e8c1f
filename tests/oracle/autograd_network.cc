#include "tests/oracle/autograd_network.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mote/base/check.h"

namespace mote::oracle {
namespace {

using Tensors = std::vector<at::Tensor>;

at::Tensor InputTensor(const Shape& shape, const Batch& batch) {
  at::Tensor images = at::empty({batch.size(), shape.height, shape.width, shape.channels});
  std::ranges::copy(batch.images, images.data_ptr<float>());
  return images.permute({0, 3, 1, 2}).to(at::kDouble).contiguous();
}

// Leaves of the graph.
Tensors ParameterTensors(const Network& network, std::span<const double> flat) {
  Tensors tensors;
  for (const Parameter& parameter : network.parameters()) {
    std::vector<std::int64_t> sizes(parameter.dims.begin(), parameter.dims.end());
    if (parameter.kind == ParameterKind::kLinearWeight) {
      sizes.resize(2);
    } else if (parameter.kind != ParameterKind::kConvKernel) {
      sizes.resize(1);
    }
    at::Tensor tensor = at::empty(sizes, at::kDouble);
    std::ranges::copy(flat.subspan(parameter.offset, parameter.elements()),
                      tensor.data_ptr<double>());
    tensors.push_back(tensor.set_requires_grad(true));
  }
  return tensors;
}

at::Tensor Gelu(const at::Tensor& x) {
  const double scale = std::sqrt(std::numbers::pi / 2);
  return 0.5 * x * (1 + at::tanh(scale * (x + 0.044715 * at::pow(x, 3))));
}

at::Tensor Apply(const Op& op, const Tensors& values, const Tensors& parameters,
                 const Batch& batch) {
  const auto src = [&](int i) { return values[op.src[i]]; };
  const auto weight = [&](int i) { return parameters[op.parameters[i]]; };
  switch (op.kind) {
    case OpKind::kInput:
      return InputTensor(op.shape, batch);
    case OpKind::kZero:
      return at::zeros({batch.size(), op.shape.channels, op.shape.height, op.shape.width},
                       at::kDouble);
    case OpKind::kConv:
      return at::conv2d(src(0), weight(0), op.has_bias() ? weight(1) : at::Tensor(),
                        {op.stride, op.stride}, {op.padding, op.padding});
    case OpKind::kBatchNorm:
      return at::batch_norm(src(0), op.is_affine() ? weight(0) : at::Tensor(),
                            op.is_affine() ? weight(1) : at::Tensor(), {}, {}, true, op.momentum,
                            op.epsilon, false);
    case OpKind::kRelu:
      return at::relu(src(0));
    case OpKind::kGelu:
      return Gelu(src(0));
    case OpKind::kAvgPool:
      return at::avg_pool2d(src(0), {op.kernel, op.kernel}, {op.stride, op.stride},
                            {op.padding, op.padding}, false, /*count_include_pad=*/false);
    case OpKind::kAdd:
    case OpKind::kMean: {
      at::Tensor sum = src(0);
      for (int i = 1; i < int(op.src.size()); ++i) sum = sum + src(i);
      return op.kind == OpKind::kMean ? sum / double(op.src.size()) : sum;
    }
    case OpKind::kGlobalAvgPool:
      return at::adaptive_avg_pool2d(src(0), {1, 1});
    case OpKind::kLinear:
      return at::linear(src(0).flatten(1), weight(0), weight(1)).unflatten(1, {-1, 1, 1});
  }
  MOTE_CHECK(false, "operation {}", Name(op.kind));
}

at::Tensor LossOf(const Network& network, const Tensors& leaves, const Batch& batch,
                  const LossOptions& options) {
  Tensors values;
  for (const Op& op : network.ops()) values.push_back(Apply(op, values, leaves, batch));
  const at::Tensor labels = at::empty({batch.size()}, at::kLong);
  std::ranges::copy(batch.labels, labels.data_ptr<std::int64_t>());
  return at::cross_entropy_loss(values.back().flatten(1), labels, {}, /*Mean*/ 1, -100,
                                options.label_smoothing);
}

// All gradients in the order of the leaves, zeros for those that have none.
std::vector<double> Flat(const Tensors& gradients, const Tensors& leaves) {
  std::vector<double> flat;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const at::Tensor gradient =
        (gradients[i].defined() ? gradients[i].detach() : at::zeros_like(leaves[i])).contiguous();
    flat.insert(flat.end(), gradient.data_ptr<double>(),
                gradient.data_ptr<double>() + gradient.numel());
  }
  return flat;
}

}  // namespace

LossAndGradient Differentiate(const Network& network, std::span<const double> parameters,
                              const Batch& batch, const LossOptions& options) {
  const Tensors leaves = ParameterTensors(network, parameters);
  const at::Tensor loss = LossOf(network, leaves, batch, options);
  loss.backward();
  Tensors gradients;
  for (const at::Tensor& leaf : leaves) gradients.push_back(leaf.grad());
  return {loss.item<double>(), Flat(gradients, leaves)};
}

std::vector<double> HessianTimesGradient(const Network& network, std::span<const double> parameters,
                                         const Batch& batch) {
  const Tensors leaves = ParameterTensors(network, parameters);
  const at::Tensor loss = LossOf(network, leaves, batch, {});
  // Of convolution kernels and linear weights alone.
  Tensors weights;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const ParameterKind kind = network.parameters()[i].kind;
    if (kind != ParameterKind::kConvKernel && kind != ParameterKind::kLinearWeight) continue;
    weights.push_back(leaves[i]);
    places.push_back(i);
  }
  const Tensors gradients =
      torch::autograd::grad({loss}, weights, {}, /*retain_graph=*/true, /*create_graph=*/true,
                            /*allow_unused=*/true);
  at::Tensor product = at::zeros({}, at::kDouble);
  for (const at::Tensor& gradient : gradients) {
    if (gradient.defined()) product = product + (gradient.detach() * gradient).sum();
  }
  const Tensors second = torch::autograd::grad({product}, weights, {}, /*retain_graph=*/false,
                                               /*create_graph=*/false, /*allow_unused=*/true);
  Tensors all(leaves.size());
  for (std::size_t w = 0; w < weights.size(); ++w) all[places[w]] = second[w];
  return Flat(all, leaves);
}

}  // namespace mote::oracle
