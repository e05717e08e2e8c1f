#include "mote/reading/synflow.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "mote/reading/finite.h"

namespace mote {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

double LargestMagnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// ln sum |w g| of one layer. Both factors are divided by the largest of their kind, so that no
// product overflows, and one underflows only where it is 1e-300 of what the layer could hold.
double LogFlow(const WeightLayer& layer) {
  const double weight = LargestMagnitude(layer.weights);
  const double slope = LargestMagnitude(layer.gradient);
  if (weight == 0 || slope == 0) return kMinusInfinity;
  double sum = 0;
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    sum += std::abs((layer.weights[i] / weight) * (layer.gradient[i] / slope));
  }
  return std::log(sum) + std::log(weight) + std::log(slope);
}

}  // namespace

Outcome<double> LogSynFlow(std::span<const WeightLayer> layers) {
  std::vector<double> logs;
  for (const WeightLayer& layer : layers) {
    MOTE_CHECK(layer.weights.size() == layer.gradient.size(), "{} weights, {} derivatives",
               layer.weights.size(), layer.gradient.size());
    if (!AllFinite(layer.weights) || !AllFinite(layer.gradient)) {
      return NotFinite("weights or gradients");
    }
    logs.push_back(LogFlow(layer));
  }
  const double largest = logs.empty() ? kMinusInfinity : *std::ranges::max_element(logs);
  if (largest == kMinusInfinity) return kMinusInfinity;
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - largest);
  return largest + std::log(sum);
}

}  // namespace mote
