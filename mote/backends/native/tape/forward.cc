// The pass forward of a native tape.
#include <algorithm>
#include <cmath>

#include "mote/backends/native/tape/recording.h"
#include "mote/base/check.h"

namespace mote::native::tape {

template <typename T>
void Recording<T>::Forward(std::span<const double> images, int count, NormMode mode) {
  count_ = count;
  mode_ = mode;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const int index = int(i);
    State& state = states_[i];
    if (i == 0) FillUp(images, 0, state.value.data());
    Prepare(index);
    if (!state.kept) continue;
    const bool sums =
        state.moments.wanted && (mode == NormMode::kBatch || mode == NormMode::kFrozen);
    state.moments.sum.clear();
    for (const Chunk& chunk : ChunksOf(index)) {
      ForwardChunk(index, chunk);
      if (!sums) continue;
      AddMoments(index, state.value.data() + chunk.first * ImageElements(index), chunk,
                 state.moments);
    }
  }
}

template <typename T>
void Recording<T>::ForwardChunk(int index, const Chunk& chunk) {
  const Op& op = network_.op(index);
  State& state = states_[index];
  const Extent extent = ExtentOf(index, chunk.count);
  T* dst = state.value.data() + chunk.first * ImageElements(index);
  const Place<T> place = Dense(index, dst);
  const int src = op.src.empty() ? 0 : op.src.front();
  switch (op.kind) {
    case OpKind::kInput:
    case OpKind::kZero:
      return;
    case OpKind::kConv: {
      const ForwardGeometry& geometry = state.conv.forward;
      LoadValueFrame(src, geometry.frame, chunk);
      const int channels = network_.op(src).shape.channels;
      const T* bias = op.has_bias() ? state.conv.bias.data() : nullptr;
      if (state.conv.minimal) {
        return ConvolveMinimal(geometry.frame, frame_.data(), ExtentOf(src, chunk.count), channels,
                               state.conv.weights.data(), bias, extent, dst);
      }
      kernels_.convolve({.src = frame_.data(),
                         .dst = dst,
                         .weights = state.conv.weights.data(),
                         .bias = bias,
                         .stencil = &geometry.stencil,
                         .images = chunk.count,
                         .channels = channels,
                         .pitch = state.pitch});
      return;
    }
    case OpKind::kBatchNorm: {
      kernels_.load(ValueOf(src, chunk.first), extent, place, false);
      if (mode_ == NormMode::kIdentity) return;
      const Norm& norm = state.norm;
      return kernels_.load({.x = dst,
                            .scale = norm.value_scale.data(),
                            .mean = norm.value_mean.data(),
                            .shift = norm.value_shift.data()},
                           extent, place, false);
    }
    case OpKind::kRelu: {
      Value<T> value = ValueOf(src, chunk.first);
      value.relu = true;
      return kernels_.load(value, extent, place, false);
    }
    case OpKind::kGelu:
      return kernels_.gelu(Values(src, chunk, scratch_), extent, dst);
    case OpKind::kAvgPool:
      return kernels_.pool(Values(src, chunk, scratch_), ExtentOf(src, chunk.count),
                           {op.kernel, op.stride, op.padding}, extent, dst);
    case OpKind::kAdd:
    case OpKind::kMean:
      for (std::size_t s = 0; s < op.src.size(); ++s) {
        kernels_.load(ValueOf(op.src[s], chunk.first), extent, place, s > 0);
      }
      if (op.kind == OpKind::kMean) {
        const T count = T(op.src.size());
        for (std::ptrdiff_t i = 0; i < extent.elements(); ++i) dst[i] /= count;
      }
      return;
    case OpKind::kGlobalAvgPool: {
      const Extent from = ExtentOf(src, chunk.count);
      const T* x = Values(src, chunk, scratch_);
      const int pixels = from.height * from.width;
      for (int n = 0; n < chunk.count; ++n, dst += extent.pitch) {
        std::fill_n(dst, extent.pitch, T(0));
        for (int i = 0; i < pixels; ++i, x += from.pitch) {
          for (int c = 0; c < from.pitch; ++c) dst[c] += x[c];
        }
        for (int c = 0; c < from.pitch; ++c) dst[c] /= T(pixels);
      }
      return;
    }
    case OpKind::kLinear: {
      const int features = network_.op(src).shape.channels;
      const T* x = Values(src, chunk, scratch_);
      const std::span<const double> weight = ParametersOf(op, 0);
      const std::span<const double> bias = ParametersOf(op, 1);
      for (int n = 0; n < chunk.count; ++n, dst += extent.pitch, x += states_[src].pitch) {
        std::fill_n(dst, extent.pitch, T(0));
        for (int o = 0; o < op.shape.channels; ++o) {
          T sum = T(bias[o]);
          const double* row = &weight[std::size_t(o) * features];
          for (int i = 0; i < features; ++i) sum += T(row[i]) * x[i];
          dst[o] = sum;
        }
      }
      return;
    }
  }
}

template <typename T>
void Recording<T>::AddMoments(int index, const T* values, const Chunk& chunk, Moments& moments) {
  const int pitch = states_[index].pitch;
  if (moments.sum.empty()) {
    moments.shift.assign(values, values + pitch);
    moments.sum.assign(pitch, 0);
    moments.square.assign(pitch, 0);
  }
  // In parts, each of which keeps its digits in T.
  std::vector<T> sum(pitch);
  std::vector<T> square(pitch);
  kernels_.moments(values, ExtentOf(index, chunk.count), moments.shift.data(), sum.data(),
                   square.data());
  for (int c = 0; c < pitch; ++c) {
    moments.sum[c] += double(sum[c]);
    moments.square[c] += double(square[c]);
  }
}

// Of a batch normalisation: what it normalises with.
template <typename T>
void Recording<T>::Prepare(int index) {
  const Op& op = network_.op(index);
  if (op.kind != OpKind::kBatchNorm || mode_ == NormMode::kIdentity) return;
  Norm& norm = states_[index].norm;
  if (mode_ == NormMode::kRunning) {
    norm.mean = norm.running_mean;
    norm.variance = norm.running_variance;
  } else {
    TakeStatistics(index);
  }
  for (int c = 0; c < op.shape.channels; ++c) {
    const double inverse_deviation = 1 / std::sqrt(norm.variance[c] + op.epsilon);
    const double gamma = op.is_affine() ? ParametersOf(op, 0)[c] : 1;
    norm.value_scale[c] = T(gamma * inverse_deviation);
    norm.value_mean[c] = T(norm.mean[c]);
    norm.value_shift[c] = T(op.is_affine() ? ParametersOf(op, 1)[c] : 0);
  }
}

template <typename T>
void Recording<T>::TakeStatistics(int index) {
  const int src = network_.op(index).src.front();
  Norm& norm = states_[index].norm;
  Moments own;
  if (!states_[src].kept) {
    for (const Chunk& chunk : ChunksOf(src)) {
      AddMoments(src, Values(src, chunk, scratch_), chunk, own);
    }
  }
  const Moments& moments = states_[src].kept ? states_[src].moments : own;
  const double pixels = double(ExtentOf(src, count_).pixels());
  for (std::size_t c = 0; c < norm.mean.size(); ++c) {
    const double beyond = moments.sum[c] / pixels;
    norm.mean[c] = double(moments.shift[c]) + beyond;
    const double variance = moments.square[c] / pixels - beyond * beyond;
    // Rounding may leave less than nothing; what is not a number stays so.
    norm.variance[c] = variance < 0 ? 0 : variance;
  }
}

template <typename T>
void Recording<T>::FeedRunning() {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Op& op = network_.op(int(i));
    if (op.kind != OpKind::kBatchNorm) continue;
    Norm& norm = states_[i].norm;
    const double pixels = double(ExtentOf(int(i), count_).pixels());
    // A single element has no unbiased variance; its population variance, 0, stands in.
    const double unbiased = pixels > 1 ? pixels / (pixels - 1) : 1;
    const double kept = 1 - op.momentum;
    for (std::size_t c = 0; c < norm.mean.size(); ++c) {
      norm.running_mean[c] = kept * norm.running_mean[c] + op.momentum * norm.mean[c];
      norm.running_variance[c] =
          kept * norm.running_variance[c] + op.momentum * norm.variance[c] * unbiased;
    }
  }
}

template <typename T>
void Recording<T>::ResetRunning() {
  for (State& state : states_) {
    std::ranges::fill(state.norm.running_mean, 0.0);
    std::ranges::fill(state.norm.running_variance, 1.0);
  }
}

template <typename T>
void Recording<T>::ReadRunningVariance(int op, std::vector<double>& result) const {
  result = states_[op].norm.running_variance;
}

#define MOTE_INSTANTIATE(T)                                                    \
  template void Recording<T>::Forward(std::span<const double>, int, NormMode); \
  template void Recording<T>::FeedRunning();                                   \
  template void Recording<T>::ResetRunning();                                  \
  template void Recording<T>::ReadRunningVariance(int, std::vector<double>&) const
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::native::tape
