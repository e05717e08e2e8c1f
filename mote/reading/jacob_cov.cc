#include "mote/reading/jacob_cov.h"

#include <cmath>
#include <vector>

#include "mote/reading/correlation_matrix.h"
#include "mote/reading/finite.h"
#include "mote/reading/spectrum.h"

namespace mote {

Outcome<double> JacobianCovarianceScore(std::span<const double> jacobians, int n) {
  if (!AllFinite(jacobians)) return NotFinite("gradients");
  const std::vector<double> correlation = CorrelationOfRows(jacobians, n);
  for (std::size_t i = 0; i < std::size_t(n); ++i) {
    if (correlation[i * std::size_t(n) + i] == 0) {
      return Failure{FailureKind::kUndefined,
                     "the gradient to an image is the same at every pixel"};
    }
  }
  constexpr double kOffset = 1e-5;
  double sum = 0;
  for (const double eigenvalue : SemidefiniteEigenvalues(correlation, n)) {
    sum += std::log(eigenvalue + kOffset) + 1 / (eigenvalue + kOffset);
  }
  return -sum;
}

}  // namespace mote
