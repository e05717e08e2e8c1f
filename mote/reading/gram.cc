#include "mote/reading/gram.h"

#include <algorithm>
#include <cstddef>

#include "mote/base/check.h"

namespace mote {
namespace {

// The lower triangle of gram += values^T values. The inner loop runs over the vectors, not along
// one, so that it can be vectorised without regrouping any sum.
void AddToLowerTriangle(std::span<const double> values, std::size_t n, std::span<double> gram) {
  for (std::size_t begin = 0; begin < values.size(); begin += n) {
    const double* const row = &values[begin];
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = row[i];
      double* const sums = &gram[i * n];
      for (std::size_t j = 0; j <= i; ++j) sums[j] += factor * row[j];
    }
  }
}

void MirrorLowerTriangle(std::size_t n, std::span<double> gram) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) gram[j * n + i] = gram[i * n + j];
  }
}

void CheckShapes(std::size_t values, int n, std::size_t gram) {
  MOTE_CHECK(n >= 1 && values % std::size_t(n) == 0, "{} numbers in {} vectors", values, n);
  MOTE_CHECK(gram == std::size_t(n) * std::size_t(n), "{} numbers for {} vectors", gram, n);
}

}  // namespace

void AddGramOfRows(std::span<const double> values, int n, std::span<double> gram) {
  CheckShapes(values.size(), n, gram.size());
  constexpr std::size_t kBlock = 64;  // numbers of each vector that are transposed at a time
  const std::size_t count = std::size_t(n), length = values.size() / count;
  std::vector<double> block(kBlock * count);
  for (std::size_t begin = 0; begin < length; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, length);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = begin; k < end; ++k) {
        block[(k - begin) * count + i] = values[i * length + k];
      }
    }
    AddToLowerTriangle(std::span(block).first((end - begin) * count), count, gram);
  }
  MirrorLowerTriangle(count, gram);
}

void AddGramOfColumns(std::span<const double> values, int n, std::span<double> gram) {
  CheckShapes(values.size(), n, gram.size());
  AddToLowerTriangle(values, std::size_t(n), gram);
  MirrorLowerTriangle(std::size_t(n), gram);
}

std::vector<double> GramOfRows(std::span<const double> values, int n) {
  std::vector<double> gram(std::size_t(n) * std::size_t(n));
  AddGramOfRows(values, n, gram);
  return gram;
}

}  // namespace mote
