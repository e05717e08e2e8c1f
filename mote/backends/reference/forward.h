// The operations of op.def computed by their definitions, in loops that follow the formulas.
//
// Nothing here is fast on purpose: these functions judge every faster engine. T is float or double,
// and all arithmetic is done in it, in one fixed order.
#pragma once

#include <span>

#include "mote/backends/reference/tensor.h"

namespace mote::reference {

// images[batch][height][width][channels], as in struct Batch; or other activations that lie so, as
// in class Tape.
template <typename T>
void CopyImages(std::span<const float> images, Tensor<T> dst);
template <typename T>
void CopyImages(std::span<const double> images, Tensor<T> dst);

// kernel[out channels][in channels][height][width]; bias[out channels], empty if there is none.
template <typename T>
void Conv(const Op& op, Tensor<const T> src, std::span<const T> kernel, std::span<const T> bias,
          Tensor<T> dst);

// Mean and population variance of every channel over batch, height and width, in two passes.
template <typename T>
void ChannelStatistics(Tensor<const T> src, std::span<T> mean, std::span<T> variance);

// gamma and beta are both empty if the normalisation is not affine.
template <typename T>
void BatchNorm(const Op& op, Tensor<const T> src, std::span<const T> mean,
               std::span<const T> variance, std::span<const T> gamma, std::span<const T> beta,
               Tensor<T> dst);

template <typename T>
void Relu(Tensor<const T> src, Tensor<T> dst);

template <typename T>
void Gelu(Tensor<const T> src, Tensor<T> dst);

template <typename T>
void AvgPool(const Op& op, Tensor<const T> src, Tensor<T> dst);

// dst += src: one source of a sum.
template <typename T>
void Accumulate(Tensor<const T> src, Tensor<T> dst);

// dst /= count: of the sum of so many sources.
template <typename T>
void Divide(Tensor<T> dst, int count);

template <typename T>
void GlobalAvgPool(Tensor<const T> src, Tensor<T> dst);

// weight[out features][in features].
template <typename T>
void Linear(Tensor<const T> src, std::span<const T> weight, std::span<const T> bias, Tensor<T> dst);

}  // namespace mote::reference
