#include "mote/reading/correlation_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "mote/base/check.h"
#include "mote/base/stats.h"
#include "mote/reading/finite.h"
#include "mote/reading/gram.h"

namespace mote {
namespace {

// Zero mean and unit length; zeros if there is no variance. Equality is asked of the numbers
// themselves: after the mean is taken off, rounding can leave a constant row a variance.
void Standardise(std::span<double> row) {
  const bool is_constant =
      std::ranges::all_of(row, [&](double value) { return value == row.front(); });
  if (is_constant || !AllFinite(row)) {
    std::ranges::fill(row, 0.0);
    return;
  }
  // Scaled first, so that no sum or square over- or underflows: by a power of two, which rounds
  // nothing that a large mean would make visible.
  double largest = 0;
  for (const double value : row) largest = std::max(largest, std::abs(value));
  int exponent = 0;
  std::frexp(largest, &exponent);
  for (double& value : row) value = std::ldexp(value, -exponent);
  const double mean = Mean(row);
  double squares = 0;
  for (double& value : row) {
    value -= mean;
    squares += value * value;
  }
  for (double& value : row) value /= std::sqrt(squares);
}

// What Standardise does, to all columns at once: loops run over them, so that they can be
// vectorised without regrouping any sum.
void StandardiseColumns(std::size_t n, std::span<double> values) {
  const std::size_t length = values.size() / n;
  if (length == 0) return;
  std::vector<double> largest(n), sums(n), mean(n), scale(n), divisor(n);
  std::vector<double> not_finite(n);  // 0, or NaN
  std::vector<double> varies(n);      // 0 or 1
  for (std::size_t k = 0; k < length; ++k) {
    const double* const row = &values[k * n];
    for (std::size_t i = 0; i < n; ++i) {
      const double magnitude = std::abs(row[i]);
      largest[i] = largest[i] < magnitude ? magnitude : largest[i];
      not_finite[i] += 0 * row[i];
      varies[i] = row[i] == values[i] ? varies[i] : 1.0;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    int exponent = 0;
    std::frexp(std::isfinite(largest[i]) ? largest[i] : 1, &exponent);
    // 2^-exponent need not be a number, but its root is one.
    scale[i] = std::ldexp(1.0, -(exponent / 2));
    divisor[i] = std::ldexp(1.0, -(exponent - exponent / 2));
  }
  for (std::size_t k = 0; k < length; ++k) {
    double* const row = &values[k * n];
    for (std::size_t i = 0; i < n; ++i) {
      row[i] = row[i] * scale[i] * divisor[i];
      sums[i] += row[i];
    }
  }
  for (std::size_t i = 0; i < n; ++i) mean[i] = sums[i] / double(length);
  std::ranges::fill(sums, 0.0);
  for (std::size_t k = 0; k < length; ++k) {
    double* const row = &values[k * n];
    for (std::size_t i = 0; i < n; ++i) {
      row[i] -= mean[i];
      sums[i] += row[i] * row[i];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    divisor[i] = varies[i] != 0 && not_finite[i] == 0 ? std::sqrt(sums[i]) : 0;
  }
  for (std::size_t k = 0; k < length; ++k) {
    double* const row = &values[k * n];
    for (std::size_t i = 0; i < n; ++i) row[i] = divisor[i] != 0 ? row[i] / divisor[i] : 0.0;
  }
}

// Of a Gram matrix of standardised vectors.
void MakeCorrelation(std::size_t n, std::span<double> gram) {
  for (std::size_t i = 0; i < n; ++i) {
    double& own = gram[i * n + i];
    if (own > 0) own = 1;
  }
  for (double& entry : gram) entry = std::clamp(entry, -1.0, 1.0);
}

}  // namespace

std::vector<double> CorrelationOfRows(std::span<const double> values, int n) {
  MOTE_CHECK(n >= 1 && values.size() % std::size_t(n) == 0, "{} numbers in {} rows", values.size(),
             n);
  const std::size_t count = std::size_t(n), length = values.size() / count;
  std::vector<double> rows(values.begin(), values.end());
  for (std::size_t i = 0; i < count && length > 0; ++i) {
    Standardise(std::span(rows).subspan(i * length, length));
  }
  std::vector<double> correlation = GramOfRows(rows, n);
  MakeCorrelation(count, correlation);
  return correlation;
}

std::vector<double> CorrelationOfColumns(std::span<const double> values, int n) {
  MOTE_CHECK(n >= 1 && values.size() % std::size_t(n) == 0, "{} numbers in {} columns",
             values.size(), n);
  const std::size_t count = std::size_t(n);
  std::vector<double> columns(values.begin(), values.end());
  StandardiseColumns(count, columns);
  std::vector<double> correlation(count * count);
  AddGramOfColumns(columns, n, correlation);
  MakeCorrelation(count, correlation);
  return correlation;
}

}  // namespace mote
