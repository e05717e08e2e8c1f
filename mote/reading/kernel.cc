#include "mote/reading/kernel.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "mote/base/stats.h"
#include "mote/reading/finite.h"
#include "mote/reading/spectrum.h"

namespace mote {
namespace {

void CheckShape(std::span<const double> kernel, std::size_t n) {
  MOTE_CHECK(n >= 1 && kernel.size() == n * n, "{} entries for {} images", kernel.size(), n);
}

}  // namespace

Outcome<double> ConditionNumber(std::span<const double> kernel, int n) {
  CheckShape(kernel, std::size_t(n));
  if (!AllFinite(kernel)) return NotFinite("gradients");
  const std::vector<double> eigenvalues = SemidefiniteEigenvalues(kernel, n);
  if (eigenvalues.front() <= 0) return std::numeric_limits<double>::infinity();
  return eigenvalues.back() / eigenvalues.front();
}

Outcome<double> SmallestEigenvalue(std::span<const double> kernel, int n) {
  CheckShape(kernel, std::size_t(n));
  if (!AllFinite(kernel)) return NotFinite("gradients");
  return SemidefiniteEigenvalues(kernel, n).front();
}

// The mean of a Gram matrix is a square; what rounding takes below zero is zero.
Outcome<double> MeanOfKernel(std::span<const double> kernel, int n) {
  CheckShape(kernel, std::size_t(n));
  if (!AllFinite(kernel)) return NotFinite("gradients");
  return std::max(0.0, Mean(kernel));
}

// The cosine of two centred matrices is Pearson's correlation of their entries.
Outcome<double> LabelGradientAlignment(std::span<const double> kernel,
                                       std::span<const int> labels) {
  CheckShape(kernel, labels.size());
  if (!AllFinite(kernel)) return NotFinite("gradients");
  std::vector<double> agreement;
  agreement.reserve(kernel.size());
  for (const int row : labels) {
    for (const int column : labels) agreement.push_back(row == column ? 1 : -1);
  }
  return PearsonR(kernel, agreement).value_or(0);
}

}  // namespace mote
