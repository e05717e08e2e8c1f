// One update of all parameters as a handful of calls on one flat tensor. For files of this folder
// only.
#pragma once

#include <ATen/core/Tensor.h>

#include "mote/backends/executor.h"

namespace mote::torch_backend {

class Optimizer {
 public:
  // Moments of the shape and on the device of `weights`.
  explicit Optimizer(const at::Tensor& weights);

  // Zero moments, step counter zero.
  void Reset(const OptimizerOptions& options);

  // May change `gradient`.
  void Update(at::Tensor& weights, at::Tensor& gradient, double learning_rate);

 private:
  OptimizerOptions options_;
  at::Tensor first_;   // Adam: mean of gradients; SGD: velocity
  at::Tensor second_;  // Adam: mean of squared gradients
  at::Tensor scratch_;
  std::int64_t step_ = 0;
};

}  // namespace mote::torch_backend
