#include "mote/reading/expressivity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "mote/reading/finite.h"
#include "mote/reading/gram.h"
#include "mote/reading/spectrum.h"

namespace mote {

Outcome<double> SpectralEntropy(std::span<const double> eigenvalues) {
  if (!AllFinite(eigenvalues)) return NotFinite("eigenvalues");
  double total = 0;
  for (const double eigenvalue : eigenvalues) total += std::max(0.0, eigenvalue);
  if (total == 0) return Failure{FailureKind::kUndefined, "the features do not vary"};
  double entropy = 0;
  for (const double eigenvalue : eigenvalues) {
    const double share = std::max(0.0, eigenvalue) / total;
    entropy -= share * std::log(share + 1e-8);
  }
  return entropy;
}

// The divisor of the covariance cancels in the shares.
Outcome<double> FeatureEntropy(std::span<const double> feature_map, int channels) {
  MOTE_CHECK(
      channels >= 1 && !feature_map.empty() && feature_map.size() % std::size_t(channels) == 0,
      "{} numbers in {} channels", feature_map.size(), channels);
  if (!AllFinite(feature_map)) return NotFinite("features");
  const std::size_t width = std::size_t(channels), positions = feature_map.size() / width;
  std::vector<double> centred(feature_map.begin(), feature_map.end());
  for (std::size_t channel = 0; channel < width; ++channel) {
    const double first = feature_map[channel];
    bool varies = false;
    double mean = 0;
    for (std::size_t i = channel; i < centred.size(); i += width) {
      varies = varies || centred[i] != first;
      mean += centred[i] / double(positions);
    }
    // Rounding of the mean must not give a constant channel a variance.
    if (!varies) mean = first;
    for (std::size_t i = channel; i < centred.size(); i += width) centred[i] -= mean;
  }
  std::vector<double> scatter(width * width);
  AddGramOfColumns(centred, channels, scatter);
  if (!AllFinite(scatter)) return NotFinite("features");
  return SpectralEntropy(SemidefiniteEigenvalues(scatter, channels));
}

double Expressivity(std::span<const double> entropies) {
  double sum = 0;
  for (const double entropy : entropies) sum += entropy;
  return sum;
}

double Progressivity(std::span<const double> entropies) {
  MOTE_CHECK(entropies.size() >= 2, "{} features", entropies.size());
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < entropies.size(); ++i) {
    smallest = std::min(smallest, entropies[i] - entropies[i - 1]);
  }
  return smallest;
}

}  // namespace mote
