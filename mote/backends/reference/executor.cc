#include "mote/backends/reference/executor.h"

#include <algorithm>
#include <vector>

#include "mote/backends/batch_check.h"
#include "mote/backends/reference/backward.h"
#include "mote/backends/reference/forward.h"
#include "mote/backends/reference/loss.h"
#include "mote/backends/reference/optimizer.h"
#include "mote/base/check.h"

namespace mote::reference {
namespace {

// Per channel, of one batch normalisation.
template <typename T>
struct NormState {
  std::vector<T> mean;
  std::vector<T> variance;  // population
  std::vector<T> running_mean;
  std::vector<T> running_variance;
};

template <typename T>
class ReferenceExecutor final : public Executor {
 public:
  ReferenceExecutor(const Network& network, int batch_size);

  const Network& network() const override { return network_; }

  void GetParameters(std::span<double> parameters) const override;
  void SetParameters(std::span<const double> parameters) override;
  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override;
  EvaluationResult Step(const Batch& batch, double learning_rate) override;
  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override;
  double Gradient(const Batch& batch, std::span<double> gradient) override;
  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override;

 private:
  void Forward(const Batch& batch, Statistics statistics);
  void ForwardOp(int index, const Batch& batch, Statistics statistics);
  // Fills weight_gradients_ from the activations of the last Forward with batch statistics.
  void Backward(const Batch& batch);
  void BackwardOp(int index);
  void FeedRunningStatistics();

  Tensor<T> values(int op) { return {values_[op].data(), batch_, network_.op(op).shape}; }
  Tensor<T> gradients(int op) { return {gradients_[op].data(), batch_, network_.op(op).shape}; }
  // The `which`-th parameter of an operation, and its gradient.
  std::span<const T> weights(const Op& op, int which) const { return Of(op, which, weights_); }
  std::span<T> weight_gradients(const Op& op, int which) {
    return Of(op, which, weight_gradients_);
  }
  template <typename Vector>
  auto Of(const Op& op, int which, Vector& flat) const {
    const Parameter& parameter = network_.parameters()[op.parameters[which]];
    return std::span(flat).subspan(parameter.offset, parameter.elements());
  }

  const Network network_;
  const int batch_size_;  // as compiled
  int batch_ = 0;         // of the call in progress
  LossOptions loss_;
  Optimizer<T> optimizer_;
  std::vector<T> weights_;
  std::vector<T> weight_gradients_;
  // By operation.
  std::vector<std::vector<T>> values_;
  std::vector<std::vector<T>> gradients_;
  std::vector<NormState<T>> norms_;  // empty but for batch normalisations
};

template <typename T>
ReferenceExecutor<T>::ReferenceExecutor(const Network& network, int batch_size)
    : network_(network),
      batch_size_(batch_size),
      optimizer_(network.parameter_count()),
      weights_(network.parameter_count()),
      weight_gradients_(network.parameter_count()) {
  MOTE_CHECK(batch_size >= 1);
  for (const Op& op : network_.ops()) {
    values_.emplace_back(batch_size * op.shape.elements());
    gradients_.emplace_back(batch_size * op.shape.elements());
    const std::size_t channels = op.kind == OpKind::kBatchNorm ? op.shape.channels : 0;
    norms_.push_back({std::vector<T>(channels), std::vector<T>(channels), std::vector<T>(channels),
                      std::vector<T>(channels)});
  }
  Reset({}, {});
}

template <typename T>
void ReferenceExecutor<T>::GetParameters(std::span<double> parameters) const {
  MOTE_CHECK(parameters.size() == weights_.size(), "{}", parameters.size());
  std::copy(weights_.begin(), weights_.end(), parameters.begin());
}

template <typename T>
void ReferenceExecutor<T>::SetParameters(std::span<const double> parameters) {
  MOTE_CHECK(parameters.size() == weights_.size(), "{}", parameters.size());
  std::transform(parameters.begin(), parameters.end(), weights_.begin(),
                 [](double parameter) { return T(parameter); });
}

template <typename T>
void ReferenceExecutor<T>::Reset(const OptimizerOptions& optimizer, const LossOptions& loss) {
  loss_ = loss;
  optimizer_.Reset(optimizer);
  for (NormState<T>& norm : norms_) {
    std::fill(norm.running_mean.begin(), norm.running_mean.end(), T(0));
    std::fill(norm.running_variance.begin(), norm.running_variance.end(), T(1));
  }
}

template <typename T>
EvaluationResult ReferenceExecutor<T>::Step(const Batch& batch, double learning_rate) {
  const EvaluationResult before = Evaluate(batch, Statistics::kBatch);
  FeedRunningStatistics();
  Backward(batch);
  optimizer_.Update(weights_, weight_gradients_, learning_rate);
  return before;
}

template <typename T>
EvaluationResult ReferenceExecutor<T>::Evaluate(const Batch& batch, Statistics statistics) {
  Forward(batch, statistics);
  return CrossEntropy<T>(values(int(values_.size()) - 1), batch.labels, loss_);
}

template <typename T>
double ReferenceExecutor<T>::Gradient(const Batch& batch, std::span<double> gradient) {
  MOTE_CHECK(gradient.size() == weights_.size(), "{}", gradient.size());
  const EvaluationResult result = Evaluate(batch, Statistics::kBatch);
  Backward(batch);
  std::copy(weight_gradients_.begin(), weight_gradients_.end(), gradient.begin());
  return result.loss;
}

template <typename T>
void ReferenceExecutor<T>::Logits(const Batch& batch, Statistics statistics,
                                  std::span<double> logits) {
  Forward(batch, statistics);
  const Tensor<T> result = values(int(values_.size()) - 1);
  MOTE_CHECK(logits.size() == result.elements(), "{}", logits.size());
  std::copy_n(result.data, result.elements(), logits.begin());
}

template <typename T>
void ReferenceExecutor<T>::Forward(const Batch& batch, Statistics statistics) {
  CheckBatch(network_, batch_size_, batch);
  batch_ = batch.size();
  for (int i = 0; i < int(network_.ops().size()); ++i) ForwardOp(i, batch, statistics);
}

template <typename T>
void ReferenceExecutor<T>::ForwardOp(int index, const Batch& batch, Statistics statistics) {
  const Op& op = network_.op(index);
  const Tensor<T> dst = values(index);
  const Tensor<T> src = values(op.src.empty() ? index : op.src.front());
  switch (op.kind) {
    case OpKind::kInput:
      return CopyImages<T>(batch.images, dst);
    case OpKind::kZero:
      std::fill_n(dst.data, dst.elements(), T(0));
      return;
    case OpKind::kConv:
      return Conv<T>(op, src, weights(op, 0), dst);
    case OpKind::kBatchNorm: {
      NormState<T>& norm = norms_[index];
      if (statistics == Statistics::kRunning) {
        return BatchNorm<T>(op, src, norm.running_mean, norm.running_variance, weights(op, 0),
                            weights(op, 1), dst);
      }
      ChannelStatistics<T>(src, norm.mean, norm.variance);
      return BatchNorm<T>(op, src, norm.mean, norm.variance, weights(op, 0), weights(op, 1), dst);
    }
    case OpKind::kRelu:
      return Relu<T>(src, dst);
    case OpKind::kGelu:
      return Gelu<T>(src, dst);
    case OpKind::kAvgPool:
      return AvgPool<T>(op, src, dst);
    case OpKind::kAdd:
      std::fill_n(dst.data, dst.elements(), T(0));
      for (int addend : op.src) Accumulate<T>(values(addend), dst);
      return;
    case OpKind::kGlobalAvgPool:
      return GlobalAvgPool<T>(src, dst);
    case OpKind::kLinear:
      return Linear<T>(src, weights(op, 0), weights(op, 1), dst);
  }
}

template <typename T>
void ReferenceExecutor<T>::Backward(const Batch& batch) {
  std::fill(weight_gradients_.begin(), weight_gradients_.end(), T(0));
  for (std::vector<T>& gradient : gradients_) std::fill(gradient.begin(), gradient.end(), T(0));
  const int last = int(values_.size()) - 1;
  CrossEntropyBackward<T>(values(last), batch.labels, loss_, gradients(last));
  for (int i = last; i >= 0; --i) BackwardOp(i);
}

template <typename T>
void ReferenceExecutor<T>::BackwardOp(int index) {
  const Op& op = network_.op(index);
  const Tensor<T> dst_gradient = gradients(index);
  const int first = op.src.empty() ? index : op.src.front();
  const Tensor<T> src = values(first);
  const Tensor<T> src_gradient = gradients(first);
  switch (op.kind) {
    case OpKind::kInput:
    case OpKind::kZero:
      return;
    case OpKind::kConv:
      return ConvBackward<T>(op, src, weights(op, 0), dst_gradient, src_gradient,
                             weight_gradients(op, 0));
    case OpKind::kBatchNorm:
      return BatchNormBackward<T>(op, src, norms_[index].mean, norms_[index].variance,
                                  weights(op, 0), dst_gradient, src_gradient,
                                  weight_gradients(op, 0), weight_gradients(op, 1));
    case OpKind::kRelu:
      return ReluBackward<T>(src, dst_gradient, src_gradient);
    case OpKind::kGelu:
      return GeluBackward<T>(src, dst_gradient, src_gradient);
    case OpKind::kAvgPool:
      return AvgPoolBackward<T>(op, dst_gradient, src_gradient);
    case OpKind::kAdd:
      for (int addend : op.src) Accumulate<T>(dst_gradient, gradients(addend));
      return;
    case OpKind::kGlobalAvgPool:
      return GlobalAvgPoolBackward<T>(dst_gradient, src_gradient);
    case OpKind::kLinear:
      return LinearBackward<T>(src, weights(op, 0), dst_gradient, src_gradient,
                               weight_gradients(op, 0), weight_gradients(op, 1));
  }
}

template <typename T>
void ReferenceExecutor<T>::FeedRunningStatistics() {
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    const Op& op = network_.op(int(i));
    NormState<T>& norm = norms_[i];
    const T momentum = T(op.momentum);
    const T count = T(std::int64_t(batch_) * op.shape.height * op.shape.width);
    // A single element has no unbiased variance; its population variance, 0, stands in.
    const T unbiased = count > 1 ? count / (count - 1) : T(1);
    for (std::size_t c = 0; c < norm.mean.size(); ++c) {
      norm.running_mean[c] = (1 - momentum) * norm.running_mean[c] + momentum * norm.mean[c];
      norm.running_variance[c] =
          (1 - momentum) * norm.running_variance[c] + momentum * norm.variance[c] * unbiased;
    }
  }
}

}  // namespace

template <typename T>
std::unique_ptr<Executor> MakeExecutor(const Network& network, int batch_size) {
  return std::make_unique<ReferenceExecutor<T>>(network, batch_size);
}

template std::unique_ptr<Executor> MakeExecutor<float>(const Network&, int);
template std::unique_ptr<Executor> MakeExecutor<double>(const Network&, int);

}  // namespace mote::reference
