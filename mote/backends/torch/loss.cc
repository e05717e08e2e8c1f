#include "mote/backends/torch/loss.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mote::torch_backend {

EvaluationResult CrossEntropy(std::span<const float> logits, std::span<const int> labels,
                              const LossOptions& options, std::span<float> gradient) {
  const std::size_t count = labels.size();
  const std::size_t classes = logits.size() / count;
  const double off_label = options.label_smoothing / double(classes);
  const double on_label = 1 - options.label_smoothing + off_label;
  std::vector<double> exponentials(classes);
  EvaluationResult result;
  for (std::size_t n = 0; n < count; ++n) {
    const std::span<const float> row = logits.subspan(n * classes, classes);
    // max_element gives the first of equals: ties go to the lower class.
    const auto largest = std::max_element(row.begin(), row.end());
    if (largest - row.begin() == labels[n]) ++result.correct;
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
      exponentials[k] = std::exp(double(row[k]) - double(*largest));
      sum += exponentials[k];
    }
    const double log_sum = double(*largest) + std::log(sum);
    for (std::size_t k = 0; k < classes; ++k) {
      const double target = int(k) == labels[n] ? on_label : off_label;
      result.loss -= target * (double(row[k]) - log_sum);
      if (!gradient.empty()) {
        gradient[n * classes + k] = float((exponentials[k] / sum - target) / double(count));
      }
    }
  }
  result.loss /= double(count);
  return result;
}

}  // namespace mote::torch_backend
