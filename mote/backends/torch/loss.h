// Softmax cross-entropy on the host, in double: the logits are few, and their loss is what
// estimators read.
#pragma once

#include <span>

#include "mote/backends/executor.h"

namespace mote::torch_backend {

// `logits` is [labels.size()][classes]. Fills `gradient`, of the same size, with the derivatives of
// the mean loss, unless it is empty.
EvaluationResult CrossEntropy(std::span<const float> logits, std::span<const int> labels,
                              const LossOptions& options, std::span<float> gradient);

}  // namespace mote::torch_backend
