// The only file that sees Eigen. Its threads stay off: a result is the same on any machine's cores.
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_MPL2_ONLY
#include "mote/reading/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/base/check.h"
#include "mote/reading/finite.h"
#include "mote/reading/gram.h"

namespace mote {

std::vector<double> SemidefiniteEigenvalues(std::span<const double> matrix, int n) {
  MOTE_CHECK(n >= 1 && matrix.size() == std::size_t(n) * std::size_t(n), "{} numbers for {} x {}",
             matrix.size(), n, n);
  MOTE_CHECK(AllFinite(matrix));
  // Symmetric, so that the order of storage does not matter.
  const Eigen::Map<const Eigen::MatrixXd> symmetric(matrix.data(), n, n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric, Eigen::EigenvaluesOnly);
  MOTE_CHECK(solver.info() == Eigen::Success, "no eigenvalues of {} x {}", n, n);
  std::vector<double> eigenvalues(solver.eigenvalues().begin(), solver.eigenvalues().end());
  // Some twenty times what zero eigenvalues of Gram matrices of 2 to 128 vectors came out as.
  const double threshold =
      8 * n * std::numeric_limits<double>::epsilon() * std::max(0.0, eigenvalues.back());
  for (double& eigenvalue : eigenvalues) {
    if (eigenvalue <= threshold) eigenvalue = 0;
  }
  return eigenvalues;
}

std::vector<double> LeadingEigenvectors(std::span<const double> matrix, int n, int count) {
  MOTE_CHECK(1 <= count && count <= n && matrix.size() == std::size_t(n) * std::size_t(n));
  MOTE_CHECK(AllFinite(matrix));
  const Eigen::Map<const Eigen::MatrixXd> symmetric(matrix.data(), n, n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric);
  MOTE_CHECK(solver.info() == Eigen::Success, "no eigenvectors of {} x {}", n, n);
  std::vector<double> vectors;
  for (int k = 0; k < count; ++k) {
    const auto vector = solver.eigenvectors().col(n - 1 - k);
    const double sign = vector[0] < 0 ? -1 : 1;
    for (int i = 0; i < n; ++i) vectors.push_back(sign * vector[i]);
  }
  return vectors;
}

double SpectralNorm(std::span<const double> matrix, int rows, int columns) {
  MOTE_CHECK(rows >= 1 && columns >= 1 && matrix.size() == std::size_t(rows) * std::size_t(columns),
             "{} numbers for {} x {}", matrix.size(), rows, columns);
  MOTE_CHECK(AllFinite(matrix));
  double largest = 0;
  for (const double entry : matrix) largest = std::max(largest, std::abs(entry));
  if (largest == 0) return 0;
  // Scaled, so that no square over- or underflows. Squaring costs small singular values their
  // digits, but not the largest.
  std::vector<double> scaled;
  for (const double entry : matrix) scaled.push_back(entry / largest);
  const int n = std::min(rows, columns);
  std::vector<double> gram(std::size_t(n) * std::size_t(n));
  if (rows < columns) {
    AddGramOfRows(scaled, n, gram);
  } else {
    AddGramOfColumns(scaled, n, gram);
  }
  return largest * std::sqrt(SemidefiniteEigenvalues(gram, n).back());
}

}  // namespace mote
