// Eigenvalues and singular values in float64, and where rounding ends and zero begins.
#pragma once

#include <span>
#include <vector>

namespace mote {

// The n eigenvalues, ascending, of a symmetric positive semidefinite n x n matrix of finite
// numbers (Gram, covariance and correlation matrices). Those that rounding cannot tell from zero,
// at most 8 n 2^-52 times the largest, are zero; so are all that came out negative. What is left
// is positive, and its logarithm or reciprocal means something. O(n^3).
std::vector<double> SemidefiniteEigenvalues(std::span<const double> matrix, int n);

// The eigenvectors of the `count` largest eigenvalues of such a matrix, largest first, [count][n],
// of length 1 and with a first entry that is not negative, so that the sign is no matter of chance.
// O(n^3).
std::vector<double> LeadingEigenvectors(std::span<const double> matrix, int n, int count);

// The largest singular value of a matrix of finite numbers, [rows][columns].
// O(rows columns min(rows, columns)).
double SpectralNorm(std::span<const double> matrix, int rows, int columns);

}  // namespace mote
