// Adam and SGD as struct OptimizerOptions defines them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mote/backends/executor.h"

namespace mote::reference {

template <typename T>
class Optimizer {
 public:
  explicit Optimizer(std::size_t parameters) : first_(parameters), second_(parameters) {}

  // Zero moments, step counter zero.
  void Reset(const OptimizerOptions& options);

  void Update(std::span<T> weights, std::span<const T> gradient, double learning_rate);

 private:
  void UpdateAdam(std::span<T> weights, std::span<const T> gradient, double learning_rate);
  void UpdateSgd(std::span<T> weights, std::span<const T> gradient, double learning_rate);

  OptimizerOptions options_;
  std::vector<T> first_;   // m of Adam, v of SGD
  std::vector<T> second_;  // v of Adam
  std::int64_t step_ = 0;
};

}  // namespace mote::reference
