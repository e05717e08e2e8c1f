#include "mote/reading/gram.h"

#include <algorithm>
#include <cstddef>

#include "mote/base/check.h"

namespace mote {
namespace {

constexpr std::size_t kTile = 4;
// Vectors' numbers that are taken at a time, so that they stay in the first cache.
constexpr std::size_t kBlock = 64;

// The tile of gram at (i, j) += values^T values, its sums in registers; each runs over the numbers
// of the vectors in their order.
void AddTile(const double* values, std::size_t length, std::size_t n, std::size_t i, std::size_t j,
             double* gram) {
  double sums[kTile][kTile];
  for (std::size_t a = 0; a < kTile; ++a) {
    for (std::size_t b = 0; b < kTile; ++b) sums[a][b] = gram[(i + a) * n + j + b];
  }
  for (std::size_t k = 0; k < length; ++k, values += n) {
    for (std::size_t a = 0; a < kTile; ++a) {
      for (std::size_t b = 0; b < kTile; ++b) sums[a][b] += values[i + a] * values[j + b];
    }
  }
  for (std::size_t a = 0; a < kTile; ++a) {
    for (std::size_t b = 0; b < kTile; ++b) gram[(i + a) * n + j + b] = sums[a][b];
  }
}

// The lower triangle of gram += values^T values, and what tiles on the diagonal have above it,
// which is as in the triangle. The inner loops run over the vectors, not along one, so that they
// can be vectorised without regrouping any sum.
void AddToLowerTriangle(std::span<const double> values, std::size_t n, std::span<double> gram) {
  const std::size_t tiled = n / kTile * kTile;
  for (std::size_t begin = 0; begin < values.size(); begin += kBlock * n) {
    const std::span<const double> block =
        values.subspan(begin, std::min(kBlock * n, values.size() - begin));
    for (std::size_t i = 0; i < tiled; i += kTile) {
      for (std::size_t j = 0; j <= i; j += kTile) {
        AddTile(block.data(), block.size() / n, n, i, j, gram.data());
      }
    }
    for (std::size_t row = 0; row < block.size(); row += n) {
      for (std::size_t i = tiled; i < n; ++i) {
        const double factor = block[row + i];
        double* const sums = &gram[i * n];
        for (std::size_t j = 0; j <= i; ++j) sums[j] += factor * block[row + j];
      }
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
