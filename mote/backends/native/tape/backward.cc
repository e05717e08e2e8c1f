// The pass back of a native tape.
#include <algorithm>
#include <cmath>

#include "mote/backends/native/tape/recording.h"
#include "mote/base/check.h"

namespace mote::native::tape {

template <typename T>
void Recording<T>::Backward(int op, std::span<const double> slopes, int from) {
  target_ = op;
  FindReaders(op);
  const std::size_t elements = std::size_t(count_) * ImageElements(op);
  if (given_.size() < elements) given_ = Memory<T>(elements, fill_);
  FillUp(slopes, op, given_.data());
  states_[op].slope = {.g = given_.data()};
  // What leads to the images alone waits until they are asked for.
  for (int i = op; i > from; --i) {
    if (!states_[i].reached) continue;
    if (network_.op(i).kind == OpKind::kBatchNorm) BackwardNorm(i);
    // The gradient to an open ReLU has gone on to its source, unless it was given.
    if (IsOpenRelu(i) && i != op) continue;
    const std::vector<int>& sources = network_.op(i).src;
    for (std::size_t which = 0; which < sources.size(); ++which) {
      int src = sources[which];
      const bool through_relu = IsOpenRelu(src);
      if (through_relu) src = network_.op(src).src.front();
      if (src == 0 || src < from || (!through_relu && PassOn(i, src))) continue;
      const bool add = states_[src].slope.g != nullptr;
      if (!add) MakeSlopes(src);
      ForSlopesToSource(i, int(which), [&](const Chunk& chunk, const T* gradient) {
        AddSlopes(src, sources[which], chunk, gradient, add, states_[src].slopes.data());
      });
    }
  }
}

// What each operation that leads to `op` is read by.
template <typename T>
void Recording<T>::FindReaders(int op) {
  for (State& state : states_) {
    state.readers = 0;
    state.reached = false;
    state.slope = {};
  }
  states_[op].reached = true;
  for (int i = op; i > 0; --i) {
    if (!states_[i].reached) continue;
    for (int src : network_.op(i).src) {
      states_[src].reached = true;
      ++states_[src].readers;
    }
  }
}

template <typename T>
void Recording<T>::MakeSlopes(int op) {
  State& state = states_[op];
  if (state.slopes.size() == 0) {
    state.slopes = Memory<T>(std::size_t(largest_) * ImageElements(op), fill_);
  }
  state.slope = {.g = state.slopes.data()};
}

// Keeps no gradient of its own to `src`, if `index` alone reads it and passes its own on.
template <typename T>
bool Recording<T>::PassOn(int index, int src) {
  if (states_[src].readers != 1) return false;
  const OpKind kind = network_.op(index).kind;
  if (kind == OpKind::kAdd) {
    states_[src].slope = states_[index].slope;
    return true;
  }
  if (kind == OpKind::kBatchNorm && network_.op(src).kind == OpKind::kConv) {
    states_[src].slope = SlopeThroughNorm(index, states_[src].value.data());
    return true;
  }
  return false;
}

// What batch normalisation `index` of `y` passes to y, from the first image on.
template <typename T>
Slope<T> Recording<T>::SlopeThroughNorm(int index, const T* y) const {
  const Norm& norm = states_[index].norm;
  Slope<T> slope = states_[index].slope;
  if (mode_ == NormMode::kIdentity) return slope;
  slope.scale = norm.value_scale.data();
  if (mode_ != NormMode::kBatch) return slope;
  slope.mean_g = norm.slope_mean_g.data();
  slope.slope = norm.slope_slope.data();
  slope.mean_y = norm.value_mean.data();
  slope.y = y;
  return slope;
}

// With h = (y - mean) / s, s = sqrt(variance + epsilon), z = gamma h + beta over N elements:
//   dL/dy = gamma / s (dL/dz - sum dL/dz / N - h sum (dL/dz h) / N).
template <typename T>
void Recording<T>::BackwardNorm(int index) {
  if (mode_ != NormMode::kBatch) return;
  const Op& op = network_.op(index);
  Norm& norm = states_[index].norm;
  NormSums(index, ChunksOf(index), norm.slope_sum, norm.slope_product);
  const double pixels = double(ExtentOf(index, count_).pixels());
  for (int c = 0; c < op.shape.channels; ++c) {
    const double inverse_deviation = 1 / std::sqrt(norm.variance[c] + op.epsilon);
    const double gamma = op.is_affine() ? ParametersOf(op, 0)[c] : 1;
    norm.slope_mean_g[c] = T(norm.slope_sum[c] / pixels);
    norm.slope_slope[c] = T(-gamma * inverse_deviation * inverse_deviation * inverse_deviation *
                            norm.slope_product[c] / pixels);
  }
}

// Over the gradient to the result of batch normalisation `index`: its sum, and that of its products
// with what is normalised, less the mean.
template <typename T>
void Recording<T>::NormSums(int index, std::span<const Chunk> chunks, std::vector<double>& sum,
                            std::vector<double>& product) {
  const int src = network_.op(index).src.front();
  const int channels = network_.op(index).shape.channels;
  const std::size_t pitch = states_[index].pitch;
  sum.assign(channels, 0);
  product.assign(channels, 0);
  std::vector<T> chunk_sum(pitch);
  std::vector<T> chunk_product(pitch);
  for (const Chunk& chunk : chunks) {
    kernels_.slope_sums(SlopeOf(index, chunk.first).g, Values(src, chunk, scratch_),
                        states_[index].norm.value_mean.data(), ExtentOf(index, chunk.count),
                        chunk_sum.data(), chunk_product.data());
    for (int c = 0; c < channels; ++c) {
      sum[c] += double(chunk_sum[c]);
      product[c] += double(chunk_product[c]);
    }
  }
}

template <typename T>
template <class Sink>
void Recording<T>::ForSlopesToSource(int index, int which, const Sink& sink) {
  const Op& op = network_.op(index);
  const State& state = states_[index];
  const int src = op.src[which];
  T* passed = passed_.data();
  for (const Chunk& chunk : ChunksOf(index)) {
    const Extent extent = ExtentOf(index, chunk.count);
    const Extent to = ExtentOf(src, chunk.count);
    const T* g = op.kind == OpKind::kConv ? nullptr : SlopeOf(index, chunk.first).g;
    switch (op.kind) {
      case OpKind::kInput:
      case OpKind::kZero:
        MOTE_CHECK(false, "{} has no source", op.name);
      case OpKind::kConv: {
        const BackwardGeometry& geometry = state.conv.backward;
        TurnWeights(index);
        LoadSlopeFrame(index, geometry.frame, chunk);
        if (state.conv.minimal) {
          ConvolveMinimal(geometry.frame, turned_.data(), extent, op.shape.channels,
                          state.conv.turned_weights.data(), nullptr, to, passed);
          break;
        }
        for (const Stencil& phase : geometry.phases) {
          kernels_.convolve({.src = turned_.data(),
                             .dst = passed,
                             .weights = state.conv.turned_weights.data(),
                             .stencil = &phase,
                             .images = chunk.count,
                             .channels = op.shape.channels,
                             .pitch = to.pitch});
        }
        break;
      }
      case OpKind::kBatchNorm: {
        Slope<T> slope = SlopeThroughNorm(index, nullptr);
        slope.g = g;
        if (slope.slope != nullptr) slope.y = Values(src, chunk, scratch_);
        kernels_.load_slope(slope, extent, Dense(src, passed));
        break;
      }
      case OpKind::kRelu:
        kernels_.pass_positive(ValueOf(src, chunk.first), g, extent, passed, false);
        break;
      case OpKind::kGelu:
        kernels_.gelu_slope(Values(src, chunk, scratch_), g, extent, passed);
        break;
      case OpKind::kAvgPool:
        kernels_.pool_slope(g, extent, {op.kernel, op.stride, op.padding}, to, passed);
        break;
      case OpKind::kAdd:
        sink(chunk, g);
        continue;
      case OpKind::kMean: {
        const T count = T(op.src.size());
        for (std::ptrdiff_t i = 0; i < extent.elements(); ++i) passed[i] = g[i] / count;
        break;
      }
      case OpKind::kGlobalAvgPool: {
        const int pixels = to.height * to.width;
        T* at = passed;
        for (int n = 0; n < chunk.count; ++n, g += extent.pitch) {
          for (int i = 0; i < pixels; ++i) {
            for (int c = 0; c < to.pitch; ++c) *at++ = g[c] / T(pixels);
          }
        }
        break;
      }
      case OpKind::kLinear: {
        const int features = network_.op(src).shape.channels;
        const std::span<const double> weight = ParametersOf(op, 0);
        std::fill_n(passed, to.elements(), T(0));
        for (int n = 0; n < chunk.count; ++n, g += extent.pitch) {
          T* at = passed + std::ptrdiff_t(n) * to.pitch;
          for (int o = 0; o < op.shape.channels; ++o) {
            const double* row = &weight[std::size_t(o) * features];
            for (int i = 0; i < features; ++i) at[i] += g[o] * T(row[i]);
          }
        }
        break;
      }
    }
    sink(chunk, passed);
  }
}

// Adds to `slopes`, of `op`, or writes there, what one reader passes to it or, through an open
// ReLU, to `read`.
template <typename T>
void Recording<T>::AddSlopes(int op, int read, const Chunk& chunk, const T* gradient, bool add,
                             T* slopes) const {
  const Extent extent = ExtentOf(op, chunk.count);
  T* to = slopes + chunk.first * ImageElements(op);
  if (read == op) {
    kernels_.load({.x = gradient}, extent, Dense(op, to), add);
  } else {
    kernels_.pass_positive(ValueOf(op, chunk.first), gradient, extent, to, add);
  }
}

template <typename T>
void Recording<T>::ReadSlopes(int op, std::vector<double>& result) {
  const std::int64_t elements = network_.op(op).shape.elements();
  result.assign(count_ * elements, 0);
  if (!states_[op].reached) return;
  if (states_[op].slope.g == nullptr) {
    Memory<T> slopes(std::size_t(count_) * ImageElements(op), fill_);
    if (CollectSlopes(op, slopes)) StripTo(slopes.data(), op, count_, result.data());
    return;
  }
  for (const Chunk& chunk : ChunksOf(op)) {
    StripTo(Slopes(op, chunk, scratch_), op, chunk.count, &result[chunk.first * elements]);
  }
}

template <typename T>
void Recording<T>::ReadValueSlopeSums(int op, std::vector<double>& result) {
  const int channels = network_.op(op).shape.channels;
  const int pitch = states_[op].pitch;
  result.assign(std::size_t(count_) * channels, 0);
  if (!states_[op].reached) return;
  Memory<T> collected;
  if (states_[op].slope.g == nullptr) {
    collected = Memory<T>(std::size_t(count_) * ImageElements(op), fill_);
    if (!CollectSlopes(op, collected)) return;
  }
  std::vector<double> sums(pitch);
  for (const Chunk& image : Chunks(1)) {
    const T* g = collected.size() > 0 ? collected.data() + image.first * ImageElements(op)
                                      : Slopes(op, image, scratch_);
    kernels_.product_sums(Values(op, image, more_scratch_), g, ExtentOf(op, 1), sums.data());
    std::copy_n(sums.begin(), channels, result.begin() + std::ptrdiff_t(image.first) * channels);
  }
}

// Of the images or an open ReLU: from its readers once more. Whether there are any.
template <typename T>
bool Recording<T>::CollectSlopes(int op, Memory<T>& slopes) {
  bool add = false;
  for (int i = target_; i > 0; --i) {
    if (!states_[i].reached || (IsOpenRelu(i) && i != target_)) continue;
    const std::vector<int>& sources = network_.op(i).src;
    for (std::size_t which = 0; which < sources.size(); ++which) {
      const int read = sources[which];
      if (read != op && !(IsOpenRelu(read) && network_.op(read).src.front() == op)) continue;
      ForSlopesToSource(i, int(which), [&](const Chunk& chunk, const T* gradient) {
        AddSlopes(op, read, chunk, gradient, add, slopes.data());
      });
      add = true;
    }
  }
  return add;
}

#define MOTE_INSTANTIATE(T)                                                               \
  template void Recording<T>::Backward(int, std::span<const double>, int);                \
  template void Recording<T>::ReadSlopes(int, std::vector<double>&);                      \
  template void Recording<T>::ReadValueSlopeSums(int, std::vector<double>&);              \
  template void Recording<T>::NormSums(int, std::span<const Chunk>, std::vector<double>&, \
                                       std::vector<double>&)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::native::tape
