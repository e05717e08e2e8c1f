// The gradients to a native tape's parameters, from what the last pass back has left.
#include <algorithm>
#include <cmath>

#include "mote/backends/native/tape/recording.h"

namespace mote::native::tape {

template <typename T>
void Recording<T>::ReadParameterSlopes(std::vector<double>& result) {
  result.assign(parameters_.size(), 0);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Op& op = network_.op(int(i));
    if (!states_[i].reached || op.parameters.empty()) continue;
    const auto part = [&](int which) -> std::span<double> {
      if (which >= int(op.parameters.size())) return {};
      const Parameter& parameter = network_.parameters()[op.parameters[which]];
      return std::span(result).subspan(parameter.offset, parameter.elements());
    };
    ParameterSlopesOf(int(i), ChunksOf(int(i)), part(0), part(1));
  }
}

template <typename T>
void Recording<T>::ReadImageParameterSlopes(int parameter, std::vector<double>& result) {
  const std::size_t elements = network_.parameters()[parameter].elements();
  const int index = network_.parameters()[parameter].op;
  const bool is_first = network_.op(index).parameters.front() == parameter;
  result.assign(count_ * elements, 0);
  if (!states_[index].reached) return;
  for (const Chunk& image : Chunks(1)) {
    const std::span<double> part = std::span(result).subspan(image.first * elements, elements);
    ParameterSlopesOf(index, {&image, 1}, is_first ? part : std::span<double>(),
                      is_first ? std::span<double>() : part);
  }
}

template <typename T>
void Recording<T>::ParameterSlopesOf(int index, std::span<const Chunk> chunks,
                                     std::span<double> first, std::span<double> second) {
  switch (network_.op(index).kind) {
    case OpKind::kConv:
      return ConvSlopes(index, chunks, first, second);
    case OpKind::kBatchNorm:
      return NormSlopes(index, chunks, first, second);
    case OpKind::kLinear:
      return LinearSlopes(index, chunks, first, second);
    default:
      return;
  }
}

template <typename T>
void Recording<T>::ConvSlopes(int index, std::span<const Chunk> chunks, std::span<double> kernel,
                              std::span<double> bias) {
  const Op& op = network_.op(index);
  const State& state = states_[index];
  const int src = op.src.front();
  const int from = network_.op(src).shape.channels;
  const std::size_t elements = state.conv.weights.size();
  sums_.resize(std::max(sums_.size(), elements));
  std::vector<T> of_bias(state.pitch);
  std::vector<T> zeros(state.pitch);
  std::vector<T> squares(state.pitch);
  for (const Chunk& chunk : chunks) {
    const T* g = Slopes(index, chunk, scratch_);
    const Extent extent = ExtentOf(index, chunk.count);
    if (!bias.empty()) {
      kernels_.moments(g, extent, zeros.data(), of_bias.data(), squares.data());
      for (std::size_t o = 0; o < bias.size(); ++o) bias[o] += double(of_bias[o]);
    }
    if (kernel.empty()) continue;
    const ForwardGeometry& geometry = state.conv.forward;
    LoadValueFrame(src, geometry.frame, chunk);
    if (state.conv.minimal) {
      OuterMinimal(index, g, chunk);
    } else {
      kernels_.outer_product({.src = frame_.data(),
                              .g = g,
                              .sums = products_.data(),
                              .frame = &geometry.frame,
                              .stencil = &geometry.stencil,
                              .extent = extent,
                              .stride = op.stride,
                              .channels = from});
    }
    double* sums = sums_.data();
    if (&chunk == chunks.data()) {
      for (std::size_t i = 0; i < elements; ++i) sums[i] = 0.0 + double(products_[i]);
    } else {
      for (std::size_t i = 0; i < elements; ++i) sums[i] += double(products_[i]);
    }
  }
  if (kernel.empty()) return;
  const int taps = op.kernel * op.kernel;
  const std::ptrdiff_t element = std::ptrdiff_t(from) * state.pitch;
  const double* sums = sums_.data();
  if (state.conv.minimal) {
    kernel_sums_.resize(std::max(kernel_sums_.size(), std::size_t(taps * element)));
    kernels_.kernel_gradients(sums, element, int(element), kernel_sums_.data(), element);
    sums = kernel_sums_.data();
  }
  for (int c = 0; c < from; ++c) {
    const double* row = sums + std::ptrdiff_t(c) * state.pitch;
    for (int o = 0; o < op.shape.channels; ++o) {
      double* to = &kernel[(std::size_t(o) * from + c) * taps];
      for (int tap = 0; tap < taps; ++tap) to[tap] = row[tap * element + o];
    }
  }
}

// dL/dbeta = sum dL/dz, dL/dgamma = sum dL/dz h; see BackwardNorm.
template <typename T>
void Recording<T>::NormSlopes(int index, std::span<const Chunk> chunks, std::span<double> gamma,
                              std::span<double> beta) {
  if (mode_ == NormMode::kIdentity) return;
  const Op& op = network_.op(index);
  Norm& norm = states_[index].norm;
  // With kBatch they are there since the pass back, and nobody asks for single images.
  if (mode_ != NormMode::kBatch) NormSums(index, chunks, norm.slope_sum, norm.slope_product);
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    gamma[c] = norm.slope_product[c] / std::sqrt(norm.variance[c] + op.epsilon);
  }
  std::copy_n(norm.slope_sum.begin(), beta.size(), beta.begin());
}

template <typename T>
void Recording<T>::LinearSlopes(int index, std::span<const Chunk> chunks, std::span<double> weight,
                                std::span<double> bias) {
  const Op& op = network_.op(index);
  const int src = op.src.front();
  const std::size_t features = network_.op(src).shape.channels;
  for (const Chunk& chunk : chunks) {
    const T* g = SlopeOf(index, chunk.first).g;
    const T* x = Values(src, chunk, scratch_);
    for (int n = 0; n < chunk.count; ++n) {
      for (int o = 0; o < op.shape.channels; ++o) {
        if (!bias.empty()) bias[o] += double(g[o]);
        if (weight.empty()) continue;
        double* row = &weight[o * features];
        for (std::size_t i = 0; i < features; ++i) row[i] += double(g[o]) * double(x[i]);
      }
      g += states_[index].pitch;
      x += states_[src].pitch;
    }
  }
}

#define MOTE_INSTANTIATE(T)                                              \
  template void Recording<T>::ReadParameterSlopes(std::vector<double>&); \
  template void Recording<T>::ReadImageParameterSlopes(int, std::vector<double>&)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::native::tape
