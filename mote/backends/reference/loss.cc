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

// ln softmax_k = (logits[k] - largest) - ln(sum exp(logits[j] - largest)): shifted by the largest
// so that nothing overflows, and that large logits cancel before anything small is added.
template <typename T>
class LogSoftmax {
 public:
  LogSoftmax(const T* logits, int classes)
      : logits_(logits), largest_(*std::max_element(logits, logits + classes)) {
    T sum = 0;
    for (int k = 0; k < classes; ++k) sum += std::exp(logits[k] - largest_);
    log_sum_ = std::log(sum);
  }

  T operator()(int k) const { return logits_[k] - largest_ - log_sum_; }

 private:
  const T* const logits_;
  const T largest_;
  T log_sum_;
};

}  // namespace

template <typename T>
EvaluationResult CrossEntropy(Tensor<const T> logits, std::span<const int> labels,
                              const LossOptions& options) {
  const int classes = logits.shape.channels;
  EvaluationResult result;
  double sum = 0;
  for (int n = 0; n < logits.batch; ++n) {
    const T* row = &logits(n, 0, 0, 0);
    const LogSoftmax<T> log_softmax(row, classes);
    T loss = 0;
    for (int k = 0; k < classes; ++k) {
      loss -= Target<T>(k, labels[n], classes, options) * log_softmax(k);
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
    const LogSoftmax<T> log_softmax(&logits(n, 0, 0, 0), classes);
    for (int k = 0; k < classes; ++k) {
      const T probability = std::exp(log_softmax(k));
      gradient(n, k, 0, 0) =
          (probability - Target<T>(k, labels[n], classes, options)) / T(logits.batch);
    }
  }
}

#define MOTE_INSTANTIATE(T)                                                                        \
  template EvaluationResult CrossEntropy<T>(Tensor<const T>, std::span<const int>,                 \
                                            const LossOptions&);                                   \
  template void CrossEntropyBackward<T>(Tensor<const T>, std::span<const int>, const LossOptions&, \
                                        Tensor<T>)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::reference
