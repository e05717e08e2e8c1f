#include "mote/backends/reference/loss.h"

#include <algorithm>
#include <cmath>

namespace mote::reference {
namespace {

template <typename T>
T Target(int k, int label, int classes, const LossOptions& options) {
  const double smoothing = options.label_smoothing;
  return T((k == label ? 1 - smoothing : 0) + smoothing / classes);
}

// log(sum exp(logits)), shifted by the largest so that nothing overflows.
template <typename T>
T LogSumExp(const T* logits, int classes) {
  const T largest = *std::max_element(logits, logits + classes);
  T sum = 0;
  for (int k = 0; k < classes; ++k) sum += std::exp(logits[k] - largest);
  return largest + std::log(sum);
}

}  // namespace

template <typename T>
EvaluationResult CrossEntropy(Tensor<const T> logits, std::span<const int> labels,
                              const LossOptions& options) {
  const int classes = logits.shape.channels;
  EvaluationResult result;
  double sum = 0;
  for (int n = 0; n < logits.batch; ++n) {
    const T* row = &logits(n, 0, 0, 0);
    const T log_sum = LogSumExp(row, classes);
    T loss = 0;
    for (int k = 0; k < classes; ++k) {
      loss -= Target<T>(k, labels[n], classes, options) * (row[k] - log_sum);
    }
    sum += loss;
    // max_element gives the first of equals: ties go to the lower class.
    if (std::max_element(row, row + classes) - row == labels[n]) ++result.correct;
  }
  result.loss = sum / logits.batch;
  return result;
}

template <typename T>
void CrossEntropyBackward(Tensor<const T> logits, std::span<const int> labels,
                          const LossOptions& options, Tensor<T> gradient) {
  const int classes = logits.shape.channels;
  for (int n = 0; n < logits.batch; ++n) {
    const T log_sum = LogSumExp(&logits(n, 0, 0, 0), classes);
    for (int k = 0; k < classes; ++k) {
      const T probability = std::exp(logits(n, k, 0, 0) - log_sum);
      gradient(n, k, 0, 0) =
          (probability - Target<T>(k, labels[n], classes, options)) / T(logits.batch);
    }
  }
}

#define MOTE_INSTANTIATE(T)                                                             \
  template EvaluationResult CrossEntropy<T>(Tensor<const T>, std::span<const int>,      \
                                            const LossOptions&);                        \
  template void CrossEntropyBackward<T>(Tensor<const T>, std::span<const int>,          \
                                        const LossOptions&, Tensor<T>)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::reference
