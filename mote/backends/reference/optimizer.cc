#include "mote/backends/reference/optimizer.h"

#include <algorithm>
#include <cmath>

namespace mote::reference {

template <typename T>
void Optimizer<T>::Reset(const OptimizerOptions& options) {
  options_ = options;
  std::fill(first_.begin(), first_.end(), T(0));
  std::fill(second_.begin(), second_.end(), T(0));
  step_ = 0;
}

template <typename T>
void Optimizer<T>::Update(std::span<T> weights, std::span<const T> gradient, double learning_rate) {
  ++step_;
  switch (options_.kind) {
    case OptimizerKind::kAdam:
      return UpdateAdam(weights, gradient, learning_rate);
    case OptimizerKind::kSgd:
      return UpdateSgd(weights, gradient, learning_rate);
  }
}

template <typename T>
void Optimizer<T>::UpdateAdam(std::span<T> weights, std::span<const T> gradient,
                              double learning_rate) {
  const double beta1 = options_.beta1;
  const double beta2 = options_.beta2;
  const T rate = T(learning_rate * std::sqrt(1 - std::pow(beta2, double(step_))) /
                   (1 - std::pow(beta1, double(step_))));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const T g = gradient[i] + T(options_.weight_decay) * weights[i];
    first_[i] = T(beta1) * first_[i] + T(1 - beta1) * g;
    second_[i] = T(beta2) * second_[i] + T(1 - beta2) * g * g;
    weights[i] -= rate * first_[i] / (std::sqrt(second_[i]) + T(options_.epsilon));
  }
}

template <typename T>
void Optimizer<T>::UpdateSgd(std::span<T> weights, std::span<const T> gradient,
                             double learning_rate) {
  const T momentum = T(options_.momentum);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const T g = gradient[i] + T(options_.weight_decay) * weights[i];
    first_[i] = momentum * first_[i] + g;
    weights[i] -= T(learning_rate) * (options_.nesterov ? g + momentum * first_[i] : first_[i]);
  }
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace mote::reference
