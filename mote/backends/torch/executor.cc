#include "mote/backends/torch/executor.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "mote/backends/batch_check.h"
#include "mote/backends/torch/gradients.h"
#include "mote/backends/torch/loss.h"
#include "mote/backends/torch/node_ops.h"
#include "mote/backends/torch/optimizer.h"
#include "mote/backends/torch/plan.h"
#include "mote/backends/torch/runtime.h"
#include "mote/backends/torch/tensor_ops.h"
#include "mote/base/check.h"

namespace mote::torch_backend {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

// What forward passes are for.
enum class Purpose {
  kEvaluation,  // values are dropped as soon as nobody reads them
  kGradient,    // values are kept for the backward pass
  kStep,        // and running statistics are fed
};

class TorchExecutor : public Executor {
 public:
  TorchExecutor(const Network& network, int batch_size, bool cuda);

  const Network& network() const override { return network_; }

  void GetParameters(std::span<double> parameters) const override {
    Guarded("reading parameters", [&] { CopyOut(weights_, parameters); });
  }

  void SetParameters(std::span<const double> parameters) override {
    MOTE_CHECK(std::int64_t(parameters.size()) == plan_.parameter_count, "{}", parameters.size());
    Guarded("setting parameters", [&] {
      at::Tensor host = at::empty({plan_.parameter_count}, at::kFloat);
      const auto to = host.data_ptr<float>();
      for (const ParameterPlace& place : plan_.parameters) {
        ForEachElement(place,
                       [&](auto plan, auto source) { to[plan] = float(parameters[source]); });
      }
      weights_.copy_(host);
    });
  }

  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override {
    Guarded("resetting an optimiser", [&] {
      loss_ = loss;
      optimizer_.Reset(optimizer);
      running_means_.zero_();
      running_variances_.fill_(1);
    });
  }

  EvaluationResult Step(const Batch& batch, double learning_rate) override {
    return Guarded("training", [&] {
      Forward(batch, Statistics::kBatch, Purpose::kStep);
      const EvaluationResult result = Backward(batch);
      optimizer_.Update(weights_, gradients_, learning_rate);
      // A decayed gradient must not stay where no backward pass writes.
      if (has_unused_parameters_) gradients_.zero_();
      return result;
    });
  }

  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    return Guarded("evaluating", [&] {
      Forward(batch, statistics, Purpose::kEvaluation);
      return CrossEntropy(HostLogits(), batch.labels, loss_, {});
    });
  }

  double Gradient(const Batch& batch, std::span<double> gradient) override {
    return Guarded("computing a gradient", [&] {
      Forward(batch, Statistics::kBatch, Purpose::kGradient);
      const EvaluationResult result = Backward(batch);
      CopyOut(gradients_, gradient);
      return result.loss;
    });
  }

  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override {
    MOTE_CHECK(std::ssize(logits) == std::int64_t(batch.size()) * network_.classes(), "{}",
               logits.size());
    Guarded("computing logits", [&] {
      Forward(batch, statistics, Purpose::kEvaluation);
      std::ranges::copy(HostLogits(), logits.begin());
    });
  }

 private:
  // Every call into libtorch runs in here.
  template <typename Call>
  static auto Guarded(const char* doing, Call call) -> decltype(call()) {
    PrepareThread();
    const c10::InferenceMode no_autograd;
    try {
      return call();
    } catch (...) {
      RethrowAsError(doing);
    }
  }

  void MakeTensors();
  // From a flat vector of the plan to one of the network.
  void CopyOut(const at::Tensor& flat, std::span<double> to) const;

  void Forward(const Batch& batch, Statistics statistics, Purpose purpose);
  at::Tensor ForwardNode(int index, const Batch& batch, Statistics statistics, Purpose purpose);
  at::Tensor Sum(const Node& node) const;
  std::span<const float> HostLogits();

  // After a Forward that kept the values: fills gradients_.
  EvaluationResult Backward(const Batch& batch);
  void BackwardNode(int index, Flow gradient);

  // Undefined where the plan keeps no value.
  at::Tensor ValueOf(const Operand& src) const {
    const at::Tensor& value = states_[src.node].value;
    return src.whole || !value.defined() ? value : value.narrow(1, src.begin, src.channels);
  }

  const Network network_;
  const Plan plan_;
  const int batch_size_;
  const at::TensorOptions options_;
  LossOptions loss_;
  std::vector<NodeState> states_;
  Gradients flows_;
  at::Tensor weights_, gradients_, running_means_, running_variances_;
  at::Tensor host_logits_;
  std::vector<float> logits_gradient_;
  Optimizer optimizer_;
  bool has_unused_parameters_ = false;
};

// Tensors that live long are inference tensors too: made in a guard, used in guards.
template <typename Make>
auto InGuard(Make make) {
  PrepareThread();
  const c10::InferenceMode no_autograd;
  return make();
}

TorchExecutor::TorchExecutor(const Network& network, int batch_size, bool cuda)
    : network_(network),
      plan_(MakePlan(network)),
      batch_size_(batch_size),
      options_(at::TensorOptions(at::kFloat).device(cuda ? at::kCUDA : at::kCPU)),
      states_(plan_.nodes.size()),
      flows_(plan_),
      weights_(InGuard([&] { return at::zeros({plan_.parameter_count}, options_); })),
      logits_gradient_(std::size_t(batch_size) * network.classes()),
      optimizer_(InGuard([&] { return Optimizer(weights_); })) {
  MOTE_CHECK(batch_size >= 1);
  InGuard([&] { MakeTensors(); });
  Reset({}, {});
}

void TorchExecutor::MakeTensors() {
  gradients_ = at::zeros_like(weights_);
  running_means_ = at::zeros({plan_.statistics_count}, options_);
  running_variances_ = at::ones({plan_.statistics_count}, options_);
  std::int64_t used = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Node& node = plan_.nodes[i];
    NodeState& state = states_[i];
    const std::int64_t channels = node.shape.channels;
    // Weight and bias, in the order of gradients_ and weights_ alike.
    const auto view = [&](const at::Tensor& flat, std::int64_t offset, at::IntArrayRef sizes) {
      const at::Tensor part = flat.narrow(0, offset, c10::multiply_integers(sizes)).view(sizes);
      return sizes.size() == 4 ? part.permute({0, 3, 1, 2}) : part;
    };
    const auto make = [&](at::IntArrayRef sizes) {
      state.weight = view(weights_, node.weight, sizes);
      state.weight_gradient = view(gradients_, node.weight, sizes);
      used += state.weight.numel();
      if (node.bias < 0) return;
      state.bias = view(weights_, node.bias, {channels});
      state.bias_gradient = view(gradients_, node.bias, {channels});
      used += channels;
    };
    if (node.kind == OpKind::kConv) {
      make({channels, node.kernel, node.kernel, node.src.front().channels});
    } else if (node.kind == OpKind::kLinear) {
      make({channels, node.src.front().channels});
    } else if (node.kind == OpKind::kBatchNorm) {
      make({channels});
      state.norm.running_mean = running_means_.narrow(0, node.statistics, channels);
      state.norm.running_variance = running_variances_.narrow(0, node.statistics, channels);
    } else if (IsBoxPool(node)) {
      state.reciprocals = BoxReciprocals(node.shape, options_);
    }
  }
  has_unused_parameters_ = used < plan_.parameter_count;
}

void TorchExecutor::CopyOut(const at::Tensor& flat, std::span<double> to) const {
  MOTE_CHECK(std::int64_t(to.size()) == plan_.parameter_count, "{}", to.size());
  const at::Tensor host = flat.cpu();
  const auto from = host.data_ptr<float>();
  for (const ParameterPlace& place : plan_.parameters) {
    ForEachElement(place, [&](auto plan, auto source) { to[source] = from[plan]; });
  }
}

void TorchExecutor::Forward(const Batch& batch, Statistics statistics, Purpose purpose) {
  CheckBatch(network_, batch_size_, batch);
  // What an interrupted pass has left.
  for (NodeState& state : states_) state.value.reset();
  flows_.Clear();
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states_[i].value = ForwardNode(int(i), batch, statistics, purpose);
    const Node& node = plan_.nodes[i];
    for (int last : purpose == Purpose::kEvaluation ? node.last_read : node.last_needed) {
      states_[last].value.reset();
    }
  }
}

at::Tensor TorchExecutor::ForwardNode(int index, const Batch& batch, Statistics statistics,
                                      Purpose purpose) {
  const Node& node = plan_.nodes[index];
  NodeState& state = states_[index];
  const Shape& shape = node.shape;
  const std::int64_t count = batch.size();
  if (node.kind == OpKind::kInput) {
    const std::int64_t row = std::int64_t(shape.width) * shape.channels;
    // libtorch has no tensors of constants; this one is only read.
    const at::Tensor images = at::from_blob(
        const_cast<float*>(batch.images.data()), {count, shape.channels, shape.height, shape.width},
        {shape.height * row, 1, row, shape.channels}, at::kFloat);
    return images.to(options_);
  }
  if (node.kind == OpKind::kZero) {
    return at::empty({count, shape.channels, shape.height, shape.width}, options_, kChannelsLast)
        .zero_();
  }
  if (node.kind == OpKind::kAdd) return Sum(node);
  if (node.kind == OpKind::kMean) return Sum(node).div_(double(node.src.size()));

  return ForwardOp(node, ValueOf(node.src.front()), statistics, purpose == Purpose::kStep, state);
}

at::Tensor TorchExecutor::Sum(const Node& node) const {
  at::Tensor sum;
  std::size_t next = 1;
  if (node.overwrites_src) {
    sum = ValueOf(node.src[0]);
  } else {
    sum = at::add(ValueOf(node.src[0]), ValueOf(node.src[1]));
    next = 2;
  }
  for (; next < node.src.size(); ++next) sum.add_(ValueOf(node.src[next]));
  return sum;
}

std::span<const float> TorchExecutor::HostLogits() {
  host_logits_ = states_.back().value.cpu().contiguous();
  return {host_logits_.data_ptr<float>(), std::size_t(host_logits_.numel())};
}

EvaluationResult TorchExecutor::Backward(const Batch& batch) {
  const std::span<const float> logits = HostLogits();
  const std::span<float> slope = std::span(logits_gradient_).first(logits.size());
  const EvaluationResult result = CrossEntropy(logits, batch.labels, loss_, slope);
  const std::int64_t classes = network_.classes();
  const Operand logits_node = {.node = int(states_.size()) - 1, .channels = int(classes)};
  flows_.Give(
      logits_node,
      {at::from_blob(slope.data(), {batch.size(), classes, 1, 1}, at::kFloat).to(options_)});
  for (int i = int(states_.size()) - 1; i >= 0; --i) {
    if (plan_.nodes[i].needs_gradient) {
      BackwardNode(i, flows_.Take(i));
    }
    states_[i].value.reset();
  }
  return result;
}

void TorchExecutor::BackwardNode(int index, Flow gradient) {
  const Node& node = plan_.nodes[index];
  if (node.kind == OpKind::kAdd) return flows_.GiveToAll(node.src, gradient);
  if (node.kind == OpKind::kMean) {
    return flows_.GiveToAll(node.src,
                            {at::div(gradient.tensor, double(node.src.size())), /*owned=*/true});
  }
  const Operand& to = node.src.front();
  const Shape& from = plan_.nodes[to.node].shape;
  flows_.Give(to, BackwardOp(node, std::move(gradient), ValueOf(to), from, flows_.Wants(to),
                             states_[index]));
}

}  // namespace

std::unique_ptr<Executor> MakeExecutor(const Network& network, int batch_size, bool cuda) {
  try {
    return std::make_unique<TorchExecutor>(network, batch_size, cuda);
  } catch (...) {
    RethrowAsError("compiling a network");
  }
}

}  // namespace mote::torch_backend
