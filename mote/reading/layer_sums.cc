#include "mote/reading/layer_sums.h"

#include <cmath>

#include "mote/reading/finite.h"

namespace mote {
namespace {

using Part = std::span<const double> WeightLayer::*;

double Norm(std::span<const double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

Outcome<double> NormSum(std::span<const WeightLayer> layers, Part part) {
  double sum = 0;
  for (const WeightLayer& layer : layers) sum += Norm(layer.*part);
  if (!std::isfinite(sum)) return NotFinite("weights or gradients");
  return sum;
}

// Sum of term(w, x) over the weights and another part of their layers. A term that is not finite
// makes the sum so, whatever its sign.
template <typename Term>
Outcome<double> ProductSum(std::span<const WeightLayer> layers, Part part, const Term& term) {
  double sum = 0;
  for (const WeightLayer& layer : layers) {
    const std::span<const double> other = layer.*part;
    MOTE_CHECK(layer.weights.size() == other.size(), "{} weights, {} derivatives",
               layer.weights.size(), other.size());
    for (std::size_t i = 0; i < other.size(); ++i) sum += term(layer.weights[i], other[i]);
  }
  if (!std::isfinite(sum)) return NotFinite("weights or gradients");
  return sum;
}

}  // namespace

Outcome<double> GradientNormSum(std::span<const WeightLayer> layers) {
  return NormSum(layers, &WeightLayer::gradient);
}

Outcome<double> WeightNormSum(std::span<const WeightLayer> layers) {
  return NormSum(layers, &WeightLayer::weights);
}

Outcome<double> SnipSum(std::span<const WeightLayer> layers) {
  return ProductSum(layers, &WeightLayer::gradient,
                    [](double w, double g) { return std::abs(w * g); });
}

Outcome<double> PlainSum(std::span<const WeightLayer> layers) {
  return ProductSum(layers, &WeightLayer::gradient, [](double w, double g) { return w * g; });
}

Outcome<double> GraspSum(std::span<const WeightLayer> layers) {
  return ProductSum(layers, &WeightLayer::hessian_gradient,
                    [](double w, double hg) { return -(w * hg); });
}

}  // namespace mote
