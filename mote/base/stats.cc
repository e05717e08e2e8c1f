#include "mote/base/stats.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

std::int64_t Pairs(std::int64_t count) { return count * (count - 1) / 2; }

// Pairs of equal elements in a sequence whose equal elements stand together.
template <typename Equal>
std::int64_t TiedPairs(int count, const Equal& equal_to_previous) {
  std::int64_t pairs = 0;
  for (int begin = 0; begin < count;) {
    int end = begin + 1;
    while (end < count && equal_to_previous(end)) ++end;
    pairs += Pairs(end - begin);
    begin = end;
  }
  return pairs;
}

// Sorts values and returns how many pairs stood in strictly descending order.
std::int64_t SortCountingInversions(std::vector<double>& values) {
  std::int64_t inversions = 0;
  std::vector<double> merged(values.size());
  const std::size_t count = values.size();
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t begin = 0; begin < count; begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, count);
      const std::size_t end = std::min(begin + 2 * width, count);
      std::size_t left = begin, right = middle;
      for (std::size_t out = begin; out < end; ++out) {
        if (right == end || (left < middle && values[left] <= values[right])) {
          merged[out] = values[left++];
        } else {
          inversions += std::int64_t(middle - left);
          merged[out] = values[right++];
        }
      }
    }
    values.swap(merged);
  }
  return inversions;
}

void CheckOrdered(std::span<const double> values) {
  for (const double value : values) MOTE_CHECK(!std::isnan(value), "a NaN has no rank");
}

bool IsConstant(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

// Deviations from the mean, scaled to a largest magnitude of 1 so that no square over- or
// underflows. The values are not constant.
std::vector<double> ScaledDeviations(std::span<const double> values) {
  const double mean = Mean(values);
  std::vector<double> deviations;
  double largest = 0;
  for (const double value : values) {
    deviations.push_back(value - mean);
    largest = std::max(largest, std::abs(value - mean));
  }
  for (double& deviation : deviations) deviation /= largest;
  return deviations;
}

// What FitBoxCox minimises: ln var B(x / g; lambda) with g the geometric mean of x, which equals
// the log-likelihood up to sign, factor n/2 and a constant. It is convex in lambda: the variance
// is a sum over pairs of exp(lambda s) (sinh(lambda d / 2) / lambda)^2, each log-convex.
// `logs` are the centred logarithms. Shifting them so that no exponent is positive avoids overflow.
double LogVariance(std::span<const double> logs, double lambda) {
  const auto [low, high] = std::ranges::minmax(logs);
  const double shift = lambda > 0 ? high : low;
  std::vector<double> transformed;
  for (const double log : logs) {
    transformed.push_back(lambda == 0 ? log : std::expm1(lambda * (log - shift)) / lambda);
  }
  return 2 * std::log(StandardDeviation(transformed)) + 2 * lambda * shift;
}

}  // namespace

std::vector<double> AverageRanks(std::span<const double> values) {
  CheckOrdered(values);
  const int count = int(values.size());
  std::vector<int> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](int item) { return values[item]; });
  std::vector<double> ranks(count);
  for (int begin = 0; begin < count;) {
    int end = begin + 1;
    while (end < count && values[order[end]] == values[order[begin]]) ++end;
    for (int i = begin; i < end; ++i) ranks[order[i]] = 0.5 * (begin + 1 + end);
    begin = end;
  }
  return ranks;
}

// In the order of (x, y) the discordant pairs are the inversions of y: pairs tied in x stand in
// ascending y.
std::optional<double> KendallTauB(std::span<const double> x, std::span<const double> y) {
  MOTE_CHECK(x.size() == y.size(), "{} against {} values", x.size(), y.size());
  CheckOrdered(x);
  CheckOrdered(y);
  const int count = int(x.size());
  std::vector<std::pair<double, double>> points;
  points.reserve(x.size());
  for (int i = 0; i < count; ++i) points.emplace_back(x[i], y[i]);
  std::ranges::sort(points);
  const std::int64_t tied_x =
      TiedPairs(count, [&](int i) { return points[i].first == points[i - 1].first; });
  const std::int64_t tied_both =
      TiedPairs(count, [&](int i) { return points[i] == points[i - 1]; });
  std::vector<double> sorted_y;
  sorted_y.reserve(points.size());
  for (const auto& point : points) sorted_y.push_back(point.second);
  const std::int64_t discordant = SortCountingInversions(sorted_y);
  const std::int64_t tied_y =
      TiedPairs(count, [&](int i) { return sorted_y[i] == sorted_y[i - 1]; });
  const std::int64_t all = Pairs(count);
  if (all == tied_x || all == tied_y) return std::nullopt;
  const std::int64_t concordant = all - tied_x - tied_y + tied_both - discordant;
  return double(concordant - discordant) / std::sqrt(double(all - tied_x) * double(all - tied_y));
}

std::optional<double> SpearmanRho(std::span<const double> x, std::span<const double> y) {
  return PearsonR(AverageRanks(x), AverageRanks(y));
}

std::optional<double> PearsonR(std::span<const double> x, std::span<const double> y) {
  MOTE_CHECK(x.size() == y.size(), "{} against {} values", x.size(), y.size());
  if (x.size() < 2 || IsConstant(x) || IsConstant(y)) return std::nullopt;
  const std::vector<double> dx = ScaledDeviations(x), dy = ScaledDeviations(y);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < dx.size(); ++i) {
    xx += dx[i] * dx[i];
    xy += dx[i] * dy[i];
    yy += dy[i] * dy[i];
  }
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

std::optional<Interval> BootstrapInterval(int count, const ResampleStatistic& statistic,
                                          const Key& key, int rounds, double level) {
  MOTE_CHECK(0 < level && level < 1, "level {}", level);
  if (count < 1) return std::nullopt;
  Rng rng(key);
  std::vector<int> items(count);
  std::vector<double> values;
  for (int round = 0; round < rounds; ++round) {
    for (int& item : items) item = int(rng.Below(std::uint64_t(count)));
    if (const std::optional<double> value = statistic(items)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return Interval{Quantile(values, 0.5 * (1 - level)), Quantile(values, 0.5 * (1 + level))};
}

double Quantile(std::vector<double> values, double q) {
  MOTE_CHECK(!values.empty() && 0 <= q && q <= 1, "quantile {} of {} values", q, values.size());
  CheckOrdered(values);
  std::ranges::sort(values);
  const double position = q * double(values.size() - 1);
  const std::size_t below = std::size_t(position);
  if (below + 1 == values.size()) return values[below];
  return values[below] + (position - double(below)) * (values[below + 1] - values[below]);
}

double Mean(std::span<const double> values) {
  MOTE_CHECK(!values.empty());
  return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double StandardDeviation(std::span<const double> values) {
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / double(values.size()));
}

// expm1 keeps the digits that x^lambda - 1 loses near lambda = 0.
double BoxCox(double x, double lambda) {
  MOTE_CHECK(x > 0 || (x == 0 && lambda > 0), "B({}; {})", x, lambda);
  return lambda == 0 ? std::log(x) : std::expm1(lambda * std::log(x)) / lambda;
}

BoxCoxFit FitBoxCox(std::span<const double> values) {
  if (values.size() < 3) {
    Throw(ErrorCode::kInvalidArgument, "a Box-Cox fit needs at least 3 values, not {}",
          values.size());
  }
  std::vector<double> logs;
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) {
      Throw(ErrorCode::kInvalidArgument, "a Box-Cox fit needs positive finite values, not {}",
            value);
    }
    logs.push_back(std::log(value));
  }
  if (IsConstant(logs)) {
    Throw(ErrorCode::kInvalidArgument, "a Box-Cox fit needs values that differ; all are {}",
          values.front());
  }
  const double mean_log = Mean(logs);
  for (double& log : logs) log -= mean_log;

  // Golden-section search (Kiefer 1953); the function is convex.
  constexpr double kShrink = 0.6180339887498949;  // 1 / golden ratio
  constexpr double kTolerance = 1e-8;  // a flat minimum holds no more than half of the digits
  double low = -5, high = 5;
  double left = high - kShrink * (high - low), right = low + kShrink * (high - low);
  double at_left = LogVariance(logs, left), at_right = LogVariance(logs, right);
  while (high - low > kTolerance) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kShrink * (high - low);
      at_left = LogVariance(logs, left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kShrink * (high - low);
      at_right = LogVariance(logs, right);
    }
  }

  BoxCoxFit fit;
  fit.lambda = 0.5 * (low + high);
  std::vector<double> transformed;
  for (const double value : values) transformed.push_back(BoxCox(value, fit.lambda));
  fit.mean = Mean(transformed);
  fit.sigma = StandardDeviation(transformed);
  return fit;
}

}  // namespace mote
