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
  for (std::size_t i = 0; i < count; ++i) {
    double& own = correlation[i * count + i];
    if (own > 0) own = 1;
  }
  for (double& entry : correlation) entry = std::clamp(entry, -1.0, 1.0);
  return correlation;
}

}  // namespace mote
