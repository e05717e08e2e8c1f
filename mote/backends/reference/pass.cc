#include "mote/backends/reference/pass.h"

#include <algorithm>
#include <utility>

#include "mote/backends/reference/backward.h"
#include "mote/backends/reference/forward.h"
#include "mote/base/check.h"

namespace mote::reference {

template <typename T>
Pass<T>::Pass(const Network& network, int largest)
    : network_(network),
      largest_(largest),
      parameters_(network.parameter_count()),
      parameter_gradients_(network.parameter_count()) {
  MOTE_CHECK(largest >= 1, "{}", largest);
  for (const Op& op : network_.ops()) {
    values_.emplace_back(largest * op.shape.elements());
    gradients_.emplace_back(largest * op.shape.elements());
    const std::vector<T> channels(op.kind == OpKind::kBatchNorm ? op.shape.channels : 0);
    norms_.push_back({channels, channels, channels, channels});
  }
  reached_.resize(network_.ops().size());
  ResetRunning();
}

template <typename T>
void Pass<T>::SetParameters(std::span<const double> parameters) {
  MOTE_CHECK(parameters.size() == parameters_.size(), "{} parameters for {}", parameters.size(),
             parameters_.size());
  std::transform(parameters.begin(), parameters.end(), parameters_.begin(),
                 [](double parameter) { return T(parameter); });
}

template <typename T>
template <typename Pixel>
void Pass<T>::Forward(std::span<const Pixel> images, int count, NormMode mode) {
  MOTE_CHECK(1 <= count && count <= largest_, "{} images for {}", count, largest_);
  MOTE_CHECK(std::int64_t(images.size()) == count * network_.input_shape().elements(),
             "{} values for {} images", images.size(), count);
  count_ = count;
  mode_ = mode;
  CopyImages<T>(images, value(0));
  for (int i = 1; i <= last(); ++i) ForwardOp(i);
}

template <typename T>
void Pass<T>::ForwardOp(int index) {
  const Op& op = network_.op(index);
  const Tensor<T> dst = value(index);
  const Tensor<T> src = value(op.src.empty() ? index : op.src.front());
  switch (op.kind) {
    case OpKind::kInput:
      return;
    case OpKind::kZero:
      std::fill_n(dst.data, dst.elements(), T(0));
      return;
    case OpKind::kConv:
      return Conv<T>(op, src, weights(op, 0), weights(op, 1), dst);
    case OpKind::kBatchNorm:
      return ForwardNorm(index, src, dst);
    case OpKind::kRelu:
      return Relu<T>(src, dst);
    case OpKind::kGelu:
      return Gelu<T>(src, dst);
    case OpKind::kAvgPool:
      return AvgPool<T>(op, src, dst);
    case OpKind::kAdd:
    case OpKind::kMean:
      std::fill_n(dst.data, dst.elements(), T(0));
      for (int addend : op.src) Accumulate<T>(value(addend), dst);
      if (op.kind == OpKind::kMean) Divide<T>(dst, int(op.src.size()));
      return;
    case OpKind::kGlobalAvgPool:
      return GlobalAvgPool<T>(src, dst);
    case OpKind::kLinear:
      return Linear<T>(src, weights(op, 0), weights(op, 1), dst);
  }
}

template <typename T>
void Pass<T>::ForwardNorm(int index, Tensor<const T> src, Tensor<T> dst) {
  const Op& op = network_.op(index);
  Norm& norm = norms_[index];
  switch (mode_) {
    case NormMode::kIdentity:
      std::copy_n(src.data, src.elements(), dst.data);
      return;
    case NormMode::kBatch:
    case NormMode::kFrozen:
      ChannelStatistics<T>(src, norm.mean, norm.variance);
      break;
    case NormMode::kRunning:
      norm.mean = norm.running_mean;
      norm.variance = norm.running_variance;
      break;
  }
  BatchNorm<T>(op, src, norm.mean, norm.variance, weights(op, 0), weights(op, 1), dst);
}

template <typename T>
void Pass<T>::FeedRunning() {
  MOTE_CHECK(mode_ == NormMode::kBatch || mode_ == NormMode::kFrozen,
             "only the statistics of a batch can be fed");
  for (std::size_t i = 0; i < norms_.size(); ++i) {
    const Op& op = network_.op(int(i));
    Norm& norm = norms_[i];
    const T momentum = T(op.momentum);
    const T count = T(std::int64_t(count_) * op.shape.height * op.shape.width);
    // A single element has no unbiased variance; its population variance, 0, stands in.
    const T unbiased = count > 1 ? count / (count - 1) : T(1);
    for (std::size_t c = 0; c < norm.mean.size(); ++c) {
      norm.running_mean[c] = (1 - momentum) * norm.running_mean[c] + momentum * norm.mean[c];
      norm.running_variance[c] =
          (1 - momentum) * norm.running_variance[c] + momentum * norm.variance[c] * unbiased;
    }
  }
}

template <typename T>
void Pass<T>::ResetRunning() {
  for (Norm& norm : norms_) {
    std::fill(norm.running_mean.begin(), norm.running_mean.end(), T(0));
    std::fill(norm.running_variance.begin(), norm.running_variance.end(), T(1));
  }
}

template <typename T>
void Pass<T>::ClearGradients() {
  std::fill(parameter_gradients_.begin(), parameter_gradients_.end(), T(0));
  for (std::vector<T>& gradient : gradients_) std::fill(gradient.begin(), gradient.end(), T(0));
}

template <typename T>
void Pass<T>::Backward(int op) {
  // What `op` does not depend on has no gradient; to skip it saves time, and keeps numbers that
  // have overflowed there from becoming 0 * inf.
  std::fill(reached_.begin(), reached_.end(), false);
  reached_[op] = true;
  for (int i = op; i >= 0; --i) {
    if (!reached_[i]) continue;
    for (int src : network_.op(i).src) reached_[src] = true;
    BackwardOp(i);
  }
}

template <typename T>
void Pass<T>::BackwardOp(int index) {
  const Op& op = network_.op(index);
  if (op.kind == OpKind::kAdd) {
    for (int addend : op.src) Accumulate<T>(gradient(index), gradient(addend));
    return;
  }
  if (op.kind == OpKind::kMean) {
    const int count = int(op.src.size());
    for (int member : op.src) MeanBackward<T>(gradient(index), count, gradient(member));
    return;
  }
  const int src = op.src.empty() ? index : op.src.front();
  BackwardOp(index, value(src), gradient(index), gradient(src), weight_gradients(op, 0),
             weight_gradients(op, 1));
}

template <typename T>
void Pass<T>::BackwardOp(int index, Tensor<const T> src, Tensor<const T> dst_gradient,
                         Tensor<T> src_gradient, std::span<T> first, std::span<T> second) const {
  const Op& op = network_.op(index);
  switch (op.kind) {
    case OpKind::kInput:
    case OpKind::kZero:
      return;
    case OpKind::kConv:
      return ConvBackward<T>(op, src, weights(op, 0), dst_gradient, src_gradient, first, second);
    case OpKind::kBatchNorm: {
      const Norm& norm = norms_[index];
      if (mode_ == NormMode::kIdentity) return Accumulate<T>(dst_gradient, src_gradient);
      const auto backward =
          mode_ == NormMode::kBatch ? BatchNormBackward<T> : FrozenNormBackward<T>;
      return backward(op, src, norm.mean, norm.variance, weights(op, 0), dst_gradient, src_gradient,
                      first, second);
    }
    case OpKind::kRelu:
      return ReluBackward<T>(src, dst_gradient, src_gradient);
    case OpKind::kGelu:
      return GeluBackward<T>(src, dst_gradient, src_gradient);
    case OpKind::kAvgPool:
      return AvgPoolBackward<T>(op, dst_gradient, src_gradient);
    case OpKind::kAdd:
    case OpKind::kMean:
      break;
    case OpKind::kGlobalAvgPool:
      return GlobalAvgPoolBackward<T>(dst_gradient, src_gradient);
    case OpKind::kLinear:
      return LinearBackward<T>(src, weights(op, 0), dst_gradient, src_gradient, first, second);
  }
  MOTE_CHECK(false, "{} has several sources", op.name);
}

template <typename T>
void Pass<T>::AddImageGradients(int parameter, std::span<T> sums) {
  MOTE_CHECK(mode_ != NormMode::kBatch, "images are not apart where the batch normalises them");
  const std::size_t elements = network_.parameters()[parameter].elements();
  MOTE_CHECK(sums.size() == count_ * elements, "{} for {} x {}", sums.size(), count_, elements);
  const int index = network_.parameters()[parameter].op;
  if (!reached_[index]) return;
  const Op& op = network_.op(index);
  const int src = op.src.front();
  // Nobody asks for the gradients to the source and to the other parameter here.
  std::vector<T> to_src(network_.op(src).shape.elements());
  std::vector<T> to_other(weights(op, op.parameters[0] == parameter ? 1 : 0).size());
  for (int n = 0; n < count_; ++n) {
    std::span<T> first = sums.subspan(n * elements, elements);
    std::span<T> second = to_other;
    if (op.parameters[0] != parameter) std::swap(first, second);
    BackwardOp(index, value(src).image(n), gradient(index).image(n),
               {to_src.data(), 1, network_.op(src).shape}, first, second);
  }
}

template class Pass<float>;
template class Pass<double>;
template void Pass<float>::Forward(std::span<const float>, int, NormMode);
template void Pass<float>::Forward(std::span<const double>, int, NormMode);
template void Pass<double>::Forward(std::span<const float>, int, NormMode);
template void Pass<double>::Forward(std::span<const double>, int, NormMode);

}  // namespace mote::reference
