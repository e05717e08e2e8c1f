// Pearson's correlations of many series with each other.
#pragma once

#include <span>
#include <vector>

namespace mote {

// n x n in row-major order, symmetric, of the n rows of `values`, [n][d]. The diagonal is 1. A row
// without variance (constant, of one number, or with entries that are not finite) correlates 0 with
// every row, itself included, which the diagonal shows. O(n^2 d).
std::vector<double> CorrelationOfRows(std::span<const double> values, int n);

// The same, to the bit, of the n columns of `values`, [d][n], as channels are in maps of
// activations.
std::vector<double> CorrelationOfColumns(std::span<const double> values, int n);

}  // namespace mote
