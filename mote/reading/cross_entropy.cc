#include "mote/reading/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "mote/base/check.h"

namespace mote {
namespace {

std::size_t ClassesOf(std::span<const double> logits, std::span<const int> labels) {
  MOTE_CHECK(!labels.empty() && logits.size() % labels.size() == 0, "{} logits for {} images",
             logits.size(), labels.size());
  return logits.size() / labels.size();
}

// exp(row - its largest) and the sum of it.
double Exponentials(std::span<const double> row, std::span<double> to) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (std::size_t c = 0; c < row.size(); ++c) sum += to[c] = std::exp(row[c] - largest);
  return sum;
}

}  // namespace

double MeanCrossEntropy(std::span<const double> logits, std::span<const int> labels) {
  const std::size_t classes = ClassesOf(logits, labels);
  std::vector<double> powers(classes);
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    const double largest = *std::max_element(row.begin(), row.end());
    sum += std::log(Exponentials(row, powers)) + largest - row[labels[i]];
  }
  return sum / double(labels.size());
}

std::vector<double> CrossEntropySlopes(std::span<const double> logits,
                                       std::span<const int> labels) {
  const std::size_t classes = ClassesOf(logits, labels);
  std::vector<double> slopes(logits.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = std::span(slopes).subspan(i * classes, classes);
    const double sum = Exponentials(logits.subspan(i * classes, classes), row);
    for (double& value : row) value /= sum;
    row[labels[i]] -= 1;
    for (double& value : row) value /= double(labels.size());
  }
  return slopes;
}

}  // namespace mote
