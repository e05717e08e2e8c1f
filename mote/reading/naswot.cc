#include "mote/reading/naswot.h"

#include <cmath>
#include <cstddef>

#include "mote/reading/finite.h"
#include "mote/reading/spectrum.h"

namespace mote {

std::vector<std::int64_t> AgreementKernel(const ActivationCodes& codes) {
  std::vector<std::int64_t> kernel = HammingDistances(codes);
  for (std::int64_t& entry : kernel) entry = codes.units() - entry;
  return kernel;
}

// K = X X' + (1 - X)(1 - X)' is positive semidefinite, so that its determinant is the product of
// its eigenvalues and |det| needs no sign. Its entries are exact in float64.
Outcome<double> NaswotScore(const ActivationCodes& codes) {
  if (!codes.finite()) return NotFinite("activations");
  const std::vector<std::int64_t> counts = AgreementKernel(codes);
  const std::vector<double> kernel(counts.begin(), counts.end());
  double sum = 0;
  for (const double eigenvalue : SemidefiniteEigenvalues(kernel, codes.samples())) {
    sum += std::log(eigenvalue);  // -inf of one that is zero
  }
  return sum;
}

}  // namespace mote
