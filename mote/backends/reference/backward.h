// The derivatives of forward.h, by the chain rule and nothing else.
//
// Each function takes the gradient of the loss to an operation's result, `dst_gradient`, and *adds*
// the gradients to the source and the parameters: a source that several operations read collects
// the sum. The gradient of a parameter that the operation lacks is empty. Tested against finite
// differences.
#pragma once

#include <span>

#include "mote/backends/reference/tensor.h"

namespace mote::reference {

template <typename T>
void ConvBackward(const Op& op, Tensor<const T> src, std::span<const T> kernel,
                  Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                  std::span<T> kernel_gradient, std::span<T> bias_gradient);

// Of normalisation with the batch's own mean and variance, which depend on src too.
template <typename T>
void BatchNormBackward(const Op& op, Tensor<const T> src, std::span<const T> mean,
                       std::span<const T> variance, std::span<const T> gamma,
                       Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                       std::span<T> gamma_gradient, std::span<T> beta_gradient);

// Of normalisation with a mean and a variance that depend on nothing.
template <typename T>
void FrozenNormBackward(const Op& op, Tensor<const T> src, std::span<const T> mean,
                        std::span<const T> variance, std::span<const T> gamma,
                        Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                        std::span<T> gamma_gradient, std::span<T> beta_gradient);

template <typename T>
void ReluBackward(Tensor<const T> src, Tensor<const T> dst_gradient, Tensor<T> src_gradient);

template <typename T>
void GeluBackward(Tensor<const T> src, Tensor<const T> dst_gradient, Tensor<T> src_gradient);

template <typename T>
void AvgPoolBackward(const Op& op, Tensor<const T> dst_gradient, Tensor<T> src_gradient);

// Of a mean of `count` sources, to one of them.
template <typename T>
void MeanBackward(Tensor<const T> dst_gradient, int count, Tensor<T> src_gradient);

template <typename T>
void GlobalAvgPoolBackward(Tensor<const T> dst_gradient, Tensor<T> src_gradient);

template <typename T>
void LinearBackward(Tensor<const T> src, std::span<const T> weight, Tensor<const T> dst_gradient,
                    Tensor<T> src_gradient, std::span<T> weight_gradient,
                    std::span<T> bias_gradient);

}  // namespace mote::reference
