// Batch normalisation with its statistics. For files of this folder only.
#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

#include "mote/backends/executor.h"
#include "mote/backends/torch/plan.h"

namespace mote::torch_backend {

struct NormState {
  at::Tensor running_mean, running_variance;
  // Of the batch that was normalised last, for the backward pass.
  at::Tensor mean, inverse_deviation;
};

// `src` is channels last. `feed` lets batch statistics into the running ones.
at::Tensor Normalize(const Node& node, const at::Tensor& src, const at::Tensor& gamma,
                     const at::Tensor& beta, Statistics statistics, bool feed, NormState& state);

// Gradients to the source (undefined if not wanted), gamma and beta, with batch statistics.
std::tuple<at::Tensor, at::Tensor, at::Tensor> NormalizeBackward(
    const Node& node, const at::Tensor& gradient, const at::Tensor& src, const at::Tensor& gamma,
    const NormState& state, bool src_wanted);

}  // namespace mote::torch_backend
