// Softmax cross-entropy with label smoothing, as struct LossOptions defines it.
#pragma once

#include <span>

#include "mote/backends/executor.h"
#include "mote/backends/reference/tensor.h"

namespace mote::reference {

// Mean loss and correct answers.
template <typename T>
EvaluationResult CrossEntropy(Tensor<const T> logits, std::span<const int> labels,
                              const LossOptions& options);

// Writes the gradient of the mean loss to the logits.
template <typename T>
void CrossEntropyBackward(Tensor<const T> logits, std::span<const int> labels,
                          const LossOptions& options, Tensor<T> gradient);

}  // namespace mote::reference
