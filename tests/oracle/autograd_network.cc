#include "tests/oracle/autograd_network.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

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
      return at::conv2d(src(0), weight(0), {}, {op.stride, op.stride}, {op.padding, op.padding});
    case OpKind::kBatchNorm:
      return at::batch_norm(src(0), weight(0), weight(1), {}, {}, true, op.momentum, op.epsilon,
                            false);
    case OpKind::kRelu:
      return at::relu(src(0));
    case OpKind::kGelu:
      return Gelu(src(0));
    case OpKind::kAvgPool:
      return at::avg_pool2d(src(0), {op.kernel, op.kernel}, {op.stride, op.stride},
                            {op.padding, op.padding}, false, /*count_include_pad=*/false);
    case OpKind::kAdd: {
      at::Tensor sum = src(0);
      for (int i = 1; i < int(op.src.size()); ++i) sum = sum + src(i);
      return sum;
    }
    case OpKind::kGlobalAvgPool:
      return at::adaptive_avg_pool2d(src(0), {1, 1});
    case OpKind::kLinear:
      return at::linear(src(0).flatten(1), weight(0), weight(1)).unflatten(1, {-1, 1, 1});
  }
  MOTE_CHECK(false, "operation {}", Name(op.kind));
}

}  // namespace

LossAndGradient Differentiate(const Network& network, std::span<const double> parameters,
                              const Batch& batch, const LossOptions& options) {
  const Tensors leaves = ParameterTensors(network, parameters);
  Tensors values;
  for (const Op& op : network.ops()) values.push_back(Apply(op, values, leaves, batch));
  const at::Tensor labels = at::empty({batch.size()}, at::kLong);
  std::ranges::copy(batch.labels, labels.data_ptr<std::int64_t>());
  const at::Tensor loss = at::cross_entropy_loss(values.back().flatten(1), labels, {}, /*Mean*/ 1,
                                                 -100, options.label_smoothing);
  loss.backward();

  LossAndGradient result{loss.item<double>(), {}};
  for (const at::Tensor& leaf : leaves) {
    const at::Tensor gradient =
        (leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf)).contiguous();
    result.gradient.insert(result.gradient.end(), gradient.data_ptr<double>(),
                           gradient.data_ptr<double>() + gradient.numel());
  }
  return result;
}

}  // namespace mote::oracle
