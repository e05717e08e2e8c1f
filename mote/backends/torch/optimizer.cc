#include "mote/backends/torch/optimizer.h"

#include <ATen/Functions.h>

#include <cmath>

namespace mote::torch_backend {

Optimizer::Optimizer(const at::Tensor& weights)
    : first_(at::zeros_like(weights)),
      second_(at::zeros_like(weights)),
      scratch_(at::zeros_like(weights)) {}

void Optimizer::Reset(const OptimizerOptions& options) {
  options_ = options;
  first_.zero_();
  second_.zero_();
  step_ = 0;
}

void Optimizer::Update(at::Tensor& weights, at::Tensor& gradient, double learning_rate) {
  ++step_;
  if (options_.weight_decay != 0) gradient.add_(weights, options_.weight_decay);
  if (options_.kind == OptimizerKind::kSgd) {
    first_.mul_(options_.momentum).add_(gradient);
    if (options_.nesterov) {
      weights.add_(gradient.add_(first_, options_.momentum), -learning_rate);
    } else {
      weights.add_(first_, -learning_rate);
    }
    return;
  }
  const double rate = learning_rate * std::sqrt(1 - std::pow(options_.beta2, double(step_))) /
                      (1 - std::pow(options_.beta1, double(step_)));
  first_.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
  second_.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
  at::sqrt_out(scratch_, second_).add_(options_.epsilon);
  weights.addcdiv_(first_, scratch_, -rate);
}

}  // namespace mote::torch_backend
