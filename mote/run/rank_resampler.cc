#include "mote/run/rank_resampler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "mote/base/check.h"

namespace mote {
namespace {

std::int64_t Pairs(std::int64_t count) { return count * (count - 1) / 2; }

// Ranks from 0 without gaps; equal values share one. Returns how many there are.
int DenseRanks(std::span<const double> values, std::vector<int>& ranks) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](int item) { return values[item]; });
  ranks.resize(values.size());
  int rank = -1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || values[order[i]] != values[order[i - 1]]) ++rank;
    ranks[order[i]] = rank;
  }
  return rank + 1;
}

// Average ranks of groups of the given sizes, as distances from the mean rank of all.
void CentredRanks(std::span<const int> counts, int total, std::vector<double>& ranks) {
  int before = 0;
  for (std::size_t group = 0; group < counts.size(); ++group) {
    ranks[group] = before + 0.5 * (counts[group] - total);
    before += counts[group];
  }
}

}  // namespace

RankResampler::RankResampler(std::span<const double> x, std::span<const double> y) {
  MOTE_CHECK(x.size() == y.size(), "{} against {} values", x.size(), y.size());
  for (const double value : x) MOTE_CHECK(!std::isnan(value), "a NaN has no rank");
  for (const double value : y) MOTE_CHECK(!std::isnan(value), "a NaN has no rank");
  std::vector<int> item_x, item_y;
  const int distinct_x = DenseRanks(x, item_x), distinct_y = DenseRanks(y, item_y);
  std::vector<int> order(x.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](int item) { return std::pair(item_x[item], item_y[item]); });
  place_.resize(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    place_[order[place]] = int(place);
    rank_x_.push_back(item_x[order[place]]);
    rank_y_.push_back(item_y[order[place]]);
  }
  count_.resize(order.size());
  count_x_.resize(distinct_x);
  count_y_.resize(distinct_y);
  tree_.resize(distinct_y + 1);
  mean_x_.resize(distinct_x);
  mean_y_.resize(distinct_y);
}

void RankResampler::CountRepetitions(std::span<const int> items) {
  for (std::vector<int>* counts : {&count_, &count_x_, &count_y_}) std::ranges::fill(*counts, 0);
  for (const int item : items) ++count_[place_[item]];
  for (std::size_t place = 0; place < count_.size(); ++place) {
    count_x_[rank_x_[place]] += count_[place];
    count_y_[rank_y_[place]] += count_[place];
  }
}

// In the order of (x, y) a pair is discordant exactly if its y descends; see KendallTauB.
std::optional<double> RankResampler::Tau(std::span<const int> items) {
  CountRepetitions(items);
  std::ranges::fill(tree_, 0);
  std::int64_t discordant = 0, tied_x = 0, tied_y = 0, tied_both = 0;
  int seen = 0, same = 0;
  for (std::size_t place = 0; place < count_.size(); ++place) {
    const bool joins =
        place > 0 && rank_x_[place] == rank_x_[place - 1] && rank_y_[place] == rank_y_[place - 1];
    if (!joins) {
      tied_both += Pairs(same);
      same = 0;
    }
    const int count = count_[place];
    if (count == 0) continue;
    same += count;
    int not_above = 0;
    for (int node = rank_y_[place] + 1; node > 0; node &= node - 1) not_above += tree_[node];
    discordant += std::int64_t(count) * (seen - not_above);
    for (int node = rank_y_[place] + 1; node < int(tree_.size()); node += node & -node) {
      tree_[node] += count;
    }
    seen += count;
  }
  tied_both += Pairs(same);
  for (const int count : count_x_) tied_x += Pairs(count);
  for (const int count : count_y_) tied_y += Pairs(count);
  const std::int64_t all = Pairs(seen);
  if (all == tied_x || all == tied_y) return std::nullopt;
  const std::int64_t concordant = all - tied_x - tied_y + tied_both - discordant;
  return double(concordant - discordant) / std::sqrt(double(all - tied_x) * double(all - tied_y));
}

std::optional<double> RankResampler::Rho(std::span<const int> items) {
  CountRepetitions(items);
  const int total = int(items.size());
  CentredRanks(count_x_, total, mean_x_);
  CentredRanks(count_y_, total, mean_y_);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t place = 0; place < count_.size(); ++place) {
    const double x = mean_x_[rank_x_[place]], y = mean_y_[rank_y_[place]];
    xx += count_[place] * x * x;
    xy += count_[place] * x * y;
    yy += count_[place] * y * y;
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

}  // namespace mote
