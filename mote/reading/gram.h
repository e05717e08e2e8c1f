// Gram matrices: inner products of vectors with each other, summed in a fixed order in float64.
//
// Both functions add to `gram`, a symmetric n x n matrix in row-major order, so that a matrix over
// many parameters can be gathered layer by layer. O(n^2 d) for vectors of d numbers.
#pragma once

#include <span>
#include <vector>

namespace mote {

// The vectors are the n rows of `values`, [n][d].
void AddGramOfRows(std::span<const double> values, int n, std::span<double> gram);

// The vectors are the n columns of `values`, [d][n], as channels are in maps of activations.
void AddGramOfColumns(std::span<const double> values, int n, std::span<double> gram);

std::vector<double> GramOfRows(std::span<const double> values, int n);

}  // namespace mote
