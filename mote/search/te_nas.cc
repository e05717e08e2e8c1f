// TE-NAS (Chen, Gong, Wang: "Neural Architecture Search on ImageNet in Four GPU Hours: A
// Theoretically Inspired Perspective", ICLR 2021): a supernet that has every operation on every
// edge is pruned until one is left on each.
//
// In every round each operation that may go (all of every place that has more than one left) is
// taken out of the supernet alone. What that does to two estimates, at equal weights, is rounded to
// three decimals,
//
//   (u_without - u_with) / |u_with|,    u a utility, of which higher is better,
//
// and averaged over `repeats` replicates; of the first estimate, the condition number kappa of the
// tangent kernel, u = -kappa, that is (kappa_with - kappa_without) / kappa_with. By either estimate
// the operations are ranked, the largest rise first: sorted by three significant digits, equal ones
// left in the order of places and options; then a rank of 0 for the first, that of the one before
// for whoever has the same mean, unrounded, and one more for the rest. Of each place those `prune`
// go whose two ranks have the least sum, all places at once; of equal sums who stands earlier by
// the first estimate.
//
// As in the authors' code a first estimate that has no value counts as a kappa of 100,000, and an
// infinite one as the largest float; a second one without value as a single linear region.
// A search ends without a result if an estimator fails on all that a round asks it.
//
// The cells that can be found are those of what the last round had. They are ordered by the sum of
// both ranks of all that they hold, that is, of what would go last; the best is what the pruning
// leaves, and the first that is feasible is found. If none is, those of the round before are taken
// by its ranks, and so on: the first round's are all cells with an operation at every place, of
// which one is feasible or the search is refused.
//
// Deviations from the authors' code: all operations are compared at the same draws of weights and
// images, where it draws anew for each; it knows no limits and no table.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "mote/base/error.h"
#include "mote/search/pool.h"

namespace mote {
namespace {

constexpr int kEstimators = 2;
constexpr double kNoCondition = 100000;

// The number that a text of one says: what formatting has rounded, exactly and ties to even.
double ReadBack(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// What is reckoned with for an outcome.
double UtilityOf(int estimator, const Outcome<double>& outcome) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (!outcome.ok() || std::isnan(*outcome)) return estimator == 0 ? -kNoCondition : 1;
  return std::clamp(*outcome, -kLargest, kLargest);
}

double RelativeRise(double from, double to) {
  return from == 0 ? to : (to - from) / std::abs(from);
}

// Places in `values`, the highest first by three significant digits; and each value's dense rank.
struct DenseRanks {
  std::vector<int> order;
  std::vector<int> ranks;
};
DenseRanks RankFromHighest(const std::vector<double>& values) {
  std::vector<double> digits;
  for (double value : values) digits.push_back(ReadBack(fmt::format("{:.2e}", value)));
  DenseRanks result{std::vector<int>(values.size()), std::vector<int>(values.size())};
  std::iota(result.order.begin(), result.order.end(), 0);
  std::stable_sort(result.order.begin(), result.order.end(),
                   [&](int a, int b) { return digits[a] > digits[b]; });
  for (std::size_t i = 1; i < values.size(); ++i) {
    const int here = result.order[i], before = result.order[i - 1];
    result.ranks[here] = result.ranks[before] + int(values[here] != values[before]);
  }
  return result;
}

class TeNas final : public SearchStrategy {
 public:
  TeNas(int repeats, int prune, const SearchProblem& problem)
      : problem_(problem), repeats_(repeats), prune_(prune), supernet_(SupernetOf(problem)) {
    for (const Choice& choice : supernet_.choices()) {
      left_.push_back(int(choice.options.size()) - 1);
    }
    if (CellsOf(left_, {}).empty()) {
      Throw(ErrorCode::kInvalidArgument,
            "te-nas leaves one operation at every place, but of the architectures that may be "
            "proposed none has one at every place; loosen the limits, or take another table or "
            "another strategy");
    }
  }

  std::vector<Request> Ask() override {
    MOTE_CHECK(pending_.empty(), "{} evaluations have not been told", pending_.size());
    if (is_over_) return {};
    pending_ = Missing();
    asked_ += int(pending_.size());
    ++generations_;
    return pending_;
  }

  void Tell(const std::vector<Evaluation>& evaluations) override {
    CheckAnswers(evaluations, pending_);
    if (pending_.empty()) return;
    pending_.clear();
    std::array<bool, kEstimators> has_value = {};
    for (const auto& [request, utility] : evaluations) {
      known_[{request.architecture.decisions(), request.estimator}].push_back(
          UtilityOf(request.estimator, utility));
      has_value[request.estimator] |= utility.ok();
    }
    is_over_ = is_over_ || !has_value[0] || !has_value[1];
    while (!is_over_ && Missing().empty()) Prune();
  }

  std::vector<Ranked> Ranking() const override { return ranking_; }

  int ExpectedGenerations() const override {
    return is_over_ ? generations_ : generations_ + int(Forecast().size());
  }
  int ExpectedRequests() const override {
    int requests = asked_;
    if (!is_over_) {
      for (int networks : Forecast()) requests += networks * kEstimators * repeats_;
    }
    return requests;
  }

  std::string utility_name() const override { return "sum of ranks"; }
  std::string stage() const override { return is_over_ ? "done" : "pruning"; }

 private:
  // An option of a place that may go.
  struct Removable {
    int place;
    int bit;
    int rank = 0;   // the sum of both ranks
    int order = 0;  // among all of the round: 0 goes first
  };
  struct Round {
    std::vector<int> left;  // at its beginning
    std::vector<Removable> ranked;
  };

  static const SearchSpace& SupernetOf(const SearchProblem& problem) {
    const SearchSpace* supernet = problem.space.supernet();
    if (supernet == nullptr) {
      Throw(ErrorCode::kUnsupported,
            "te-nas prunes a supernet, and the space {} has none; search nasbench201, or take "
            "another strategy",
            problem.space.name());
    }
    if (problem.purpose != Purpose::kScore) {
      Throw(ErrorCode::kInvalidArgument,
            "te-nas goes by two estimates and not by accuracy; leave --by accuracy out, or judge "
            "what it finds: --evaluate train -k 1");
    }
    if (problem.estimators != kEstimators) {
      Throw(ErrorCode::kInvalidArgument,
            "te-nas goes by two estimators, and this search has {}; give --estimator "
            "ntk-condition,linear-regions, or all of it by --method te-nas",
            problem.estimators);
    }
    return *supernet;
  }

  static int Count(int set) { return std::popcount(unsigned(set)); }

  // One for every operation of every place that has more than one, in that order.
  static std::vector<Removable> RemovablesOf(const std::vector<int>& left) {
    std::vector<Removable> removables;
    for (int place = 0; place < int(left.size()); ++place) {
      if (Count(left[place]) < 2) continue;
      for (int bit = 0; left[place] >> bit > 0; ++bit) {
        if (left[place] >> bit & 1) removables.push_back({place, bit});
      }
    }
    return removables;
  }

  static std::vector<int> Without(std::vector<int> left, const Removable& removable) {
    left[removable.place] &= ~(1 << removable.bit);
    return left;
  }

  // What of this round has not been asked yet: the supernet as it is, then without each operation.
  std::vector<Request> Missing() const {
    std::vector<Request> requests;
    const auto want = [&](const std::vector<int>& decisions) {
      for (int e = 0; e < kEstimators; ++e) {
        if (known_.contains({decisions, e})) continue;
        for (int replicate = 0; replicate < repeats_; ++replicate) {
          requests.push_back({supernet_.Make(decisions), Purpose::kScore, replicate, e});
        }
      }
    };
    want(left_);
    for (const Removable& removable : RemovablesOf(left_)) want(Without(left_, removable));
    return requests;
  }

  // The mean rise of one estimate's utility when the operation goes.
  double MeanRise(int estimator, const Removable& removable) const {
    const auto& with = known_.at({left_, estimator});
    const auto& without = known_.at({Without(left_, removable), estimator});
    double sum = 0;
    for (int r = 0; r < repeats_; ++r) {
      sum += ReadBack(fmt::format("{:.3f}", RelativeRise(with[r], without[r])));
    }
    return sum / repeats_;
  }

  void Prune() {
    Round round{left_, RemovablesOf(left_)};
    std::array<DenseRanks, kEstimators> by;
    for (int e = 0; e < kEstimators; ++e) {
      std::vector<double> rises;
      for (const Removable& removable : round.ranked) rises.push_back(MeanRise(e, removable));
      by[e] = RankFromHighest(rises);
    }
    std::vector<int> order = by[0].order;
    for (std::size_t i = 0; i < order.size(); ++i) {
      round.ranked[i].rank = by[0].ranks[i] + by[1].ranks[i];
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return round.ranked[a].rank < round.ranked[b].rank; });
    std::vector<int> gone(left_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      Removable& removable = round.ranked[order[i]];
      removable.order = int(i);
      if (gone[removable.place] == prune_ || Count(left_[removable.place]) == 1) continue;
      left_ = Without(std::move(left_), removable);
      ++gone[removable.place];
    }
    rounds_.push_back(std::move(round));
    if (RemovablesOf(left_).empty()) Finish();
  }

  // The feasible cells that hold one of `left` at every place, by the ranks of `ranked`.
  std::vector<Ranked> CellsOf(const std::vector<int>& left,
                              const std::vector<Removable>& ranked) const {
    struct Cell {
      Architecture architecture;
      int rank, order;
    };
    std::map<std::pair<int, int>, const Removable*> of;  // by place and bit
    for (const Removable& removable : ranked) of[{removable.place, removable.bit}] = &removable;
    std::vector<Cell> cells;
    std::vector<int> decisions(left.size(), 0);
    const auto fill = [&](const auto& self, std::size_t place, int rank, int order) -> void {
      if (place == left.size()) {
        Architecture architecture = problem_.space.Make(decisions);
        if (problem_.feasible(architecture)) cells.push_back({architecture, rank, order});
        return;
      }
      for (int bit = 0; left[place] >> bit > 0; ++bit) {
        if (!(left[place] >> bit & 1)) continue;
        decisions[place] = bit + 1;
        const auto found = of.find({int(place), bit});
        const bool is_ranked = found != of.end();
        self(self, place + 1, rank + (is_ranked ? found->second->rank : 0),
             order + (is_ranked ? found->second->order : 0));
      }
    };
    fill(fill, 0, 0, 0);
    std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) {
      return std::pair(a.rank, a.order) > std::pair(b.rank, b.order);
    });
    std::vector<Ranked> best_first;
    for (Cell& cell : cells) {
      best_first.push_back({std::move(cell.architecture), double(cell.rank), repeats_});
    }
    return best_first;
  }

  void Finish() {
    is_over_ = true;
    for (auto round = rounds_.rbegin(); ranking_.empty(); ++round) {
      ranking_ = CellsOf(round->left, round->ranked);
    }
  }

  // Networks of each round from here on.
  std::vector<int> Forecast() const {
    std::vector<int> counts;
    for (int set : left_) counts.push_back(Count(set));
    std::vector<int> networks;
    while (std::ranges::any_of(counts, [](int count) { return count > 1; })) {
      networks.push_back(1);
      for (int& count : counts) {
        if (count > 1) networks.back() += count;
        count = std::max(1, count - prune_);
      }
    }
    // What is asked already is no forecast.
    if (!pending_.empty() && !networks.empty()) networks.erase(networks.begin());
    return networks;
  }

  SearchProblem problem_;
  int repeats_;
  int prune_;
  const SearchSpace& supernet_;
  std::vector<int> left_;  // by place, the set of the options that are left, as bits
  // Utilities by replicate, of an architecture of the supernet by an estimator.
  std::map<std::pair<std::vector<int>, int>, std::vector<double>> known_;
  std::vector<Round> rounds_;
  std::vector<Ranked> ranking_;  // once it is over
  std::vector<Request> pending_;
  bool is_over_ = false;
  int asked_ = 0;
  int generations_ = 0;
};

}  // namespace

MOTE_STRATEGY(te_nas) {
  registry.Add("te-nas",
               "a supernet pruned by two estimates: --estimator ntk-condition,linear-regions",
               {{.name = "repeats",
                 .default_value = std::int64_t(3),
                 .help = "replicates that each change of an estimate is averaged over",
                 .minimum = 1,
                 .maximum = 1000},
                {.name = "prune",
                 .default_value = std::int64_t(1),
                 .help = "operations that every edge loses in a round",
                 .minimum = 1,
                 .maximum = 100}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<TeNas>(int(options.Int("repeats")),
                                                int(options.Int("prune")), problem);
               });
}

}  // namespace mote
