// Coarse to fine: score widely by the cheapest estimator, then spend on those who may be the best.
//
// The search's estimators are trained ones, the cheapest first, and at the end `structure` counts
// that cost nothing. Each candidate has a merit, the weighted sum of the log-ranks
// (base/log_rank.h) of its scores: the trained estimators share one part, each structure count has
// one of its own.
//
//   scanning      every class of equal networks, one score by the cheapest estimator
//   widening      down that order, block by block, one score by every other estimator. How far the
//                 estimators contradict each other about a candidate is the standard error of its
//                 merit; the walk ends with a block of which none is within `errors` standard
//                 errors of the best
//   replicating   those within reach, again with other seeds, round by round. Now the spread of the
//                 merits by single replicates is the standard error; who falls out of reach is
//                 scored no more. Ends with one left, when the seeds matter less than half as much
//                 as the choice of estimators, or when `networks` are trained
//
// So the data decide how many survive each stage and how often they are scored again. Nothing is
// fitted and no accuracy is read.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "mote/base/error.h"
#include "mote/base/log_rank.h"
#include "mote/base/stats.h"
#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

struct CoarseToFineOptions {
  int structure;
  int networks;
  int block;
  double errors;
};

class CoarseToFine final : public SearchStrategy {
 public:
  CoarseToFine(const CoarseToFineOptions& options, const SearchProblem& problem)
      : options_(options), problem_(WithPopulation(problem)) {
    trained_ = problem.estimators - options.structure;
    if (trained_ < 0) {
      Throw(ErrorCode::kInvalidArgument,
            "mote-nas-c2f.structure={}, but the search has only {} estimators: name more with "
            "--estimator",
            options.structure, problem.estimators);
    }
    FindCandidates();
    stage_ = trained_ > 0 ? Stage::kScanning : Stage::kCounting;
  }

  std::vector<Request> Ask() override {
    MOTE_CHECK(pending_.empty(), "{} evaluations have not been told", pending_.size());
    switch (stage_) {
      case Stage::kCounting:
      case Stage::kScanning:
        AskToScan();
        break;
      case Stage::kWidening:
        AskToWiden();
        break;
      case Stage::kReplicating:
        AskToReplicate();
        break;
      case Stage::kDone:
        break;
    }
    if (pending_.empty()) {
      stage_ = Stage::kDone;
    } else {
      ++generations_;
    }
    return pending_;
  }

  void Tell(const std::vector<Evaluation>& evaluations) override {
    CheckAnswers(evaluations, pending_);
    for (std::size_t i = 0; i < evaluations.size(); ++i) {
      const auto& [request, utility] = evaluations[i];
      Candidate& candidate = candidates_[asked_of_[i]];
      if (utility.ok()) {
        candidate.scores[request.estimator].push_back(*utility);
      } else {
        candidate.has_failed = true;
      }
      asked_ += 1;
      networks_ += request.estimator < trained_;
    }
    pending_.clear();
    asked_of_.clear();
    Judge();
  }

  // Merits of different stages are ranks among different crowds: those who were only scanned are
  // moved down as one, so that none stands above who was walked to.
  std::vector<Ranked> Ranking() const override {
    std::vector<Ranked> ranking;
    std::optional<double> shift;
    for (std::size_t place = 0; place < order_.size(); ++place) {
      const Candidate& candidate = candidates_[order_[place]];
      if (candidate.has_failed || candidate.scores.front().empty()) continue;
      if (int(place) >= walked_ && !shift) {
        shift = ranking.empty() ? 0 : std::min(0.0, ranking.back().utility - candidate.merit);
      }
      ranking.push_back({candidate.architecture, candidate.merit + shift.value_or(0),
                         int(candidate.scores.front().size())});
    }
    return ranking;
  }

  int ExpectedGenerations() const override {
    if (stage_ == Stage::kDone) return generations_;
    const int scans = (int(candidates_.size()) + kScanned - 1) / kScanned;
    return std::max(generations_ + 1, scans + 20);
  }
  int ExpectedRequests() const override {
    if (stage_ == Stage::kDone) return asked_;
    const int counts = options_.structure * int(candidates_.size());
    return trained_ == 0 ? counts : std::max(asked_, counts + options_.networks);
  }

  std::string utility_name() const override { return "sum of log-ranks"; }

  std::string stage() const override {
    switch (stage_) {
      case Stage::kCounting:
        return "counting";
      case Stage::kScanning:
        return "scanning";
      case Stage::kWidening:
        return "widening";
      case Stage::kReplicating:
        return "replicating";
      case Stage::kDone:
        return "done";
    }
    MOTE_CHECK(false, "unnamed stage");
  }

 private:
  static constexpr int kScanned = 500;  // classes in a generation of the scan

  struct Candidate {
    Architecture architecture;
    std::vector<std::vector<double>> scores;  // by estimator, replicate
    bool has_failed = false;
    double merit = 0;
  };
  enum class Stage { kCounting, kScanning, kWidening, kReplicating, kDone };

  // One architecture of each class, as many as may be trained. A listed population is taken in its
  // order, so that nothing depends on the seed.
  void FindCandidates() {
    const Population& population = *problem_.population;
    std::unordered_set<Hash128> classes;
    const auto add = [&](std::vector<int> decisions) {
      Architecture architecture = problem_.space.Make(std::move(decisions));
      if (!classes.insert(problem_.space.ClassId(architecture)).second) return;
      candidates_.push_back(
          {std::move(architecture), std::vector<std::vector<double>>(problem_.estimators)});
    };
    if (population.size()) {
      for (std::int64_t i = 0; i < *population.size(); ++i) add(population.At(i));
    }
    if (!population.size() || int(candidates_.size()) > options_.networks) {
      candidates_.clear();
      classes.clear();
      Rng rng(Key(problem_.seed, "propose", 0));
      for (auto& decisions : population.Draw(std::max(1, options_.networks / 2), rng)) {
        add(std::move(decisions));
      }
    }
    order_.resize(candidates_.size());
    std::iota(order_.begin(), order_.end(), 0);
  }

  void Want(int c, int estimator, int replicate) {
    pending_.push_back({candidates_[c].architecture, Purpose::kScore, replicate, estimator});
    asked_of_.push_back(c);
  }

  void AskToScan() {
    const int end = std::min(scanned_ + kScanned, int(candidates_.size()));
    for (; scanned_ < end; ++scanned_) {
      for (int e = trained_; e < problem_.estimators; ++e) Want(scanned_, e, 0);
      if (trained_ > 0) Want(scanned_, 0, 0);
    }
  }

  void AskToWiden() {
    const int end = std::min(walked_ + options_.block, int(order_.size()));
    for (; walked_ < end; ++walked_) {
      for (int e = 1; e < trained_; ++e) Want(walk_[walked_], e, 0);
    }
  }

  void AskToReplicate() {
    if (within_reach_.size() < 2) return;
    if (networks_ + int(within_reach_.size()) * trained_ > options_.networks) return;
    for (const int c : within_reach_) {
      for (int e = 0; e < trained_; ++e) Want(c, e, replicates_);
    }
    ++replicates_;
  }

  // What a generation has changed: merits, order, who is within reach, and the stage.
  void Judge() {
    std::vector<int> crowd;
    if (stage_ == Stage::kCounting || stage_ == Stage::kScanning) {
      crowd.resize(scanned_);
      std::iota(crowd.begin(), crowd.end(), 0);
    } else {
      crowd.assign(walk_.begin(), walk_.begin() + walked_);
    }
    const std::vector<double> merits = MeritsOf(crowd, std::nullopt);
    for (std::size_t i = 0; i < crowd.size(); ++i) candidates_[crowd[i]].merit = merits[i];
    std::vector<int> best_first(crowd.size());
    std::iota(best_first.begin(), best_first.end(), 0);
    std::stable_sort(best_first.begin(), best_first.end(),
                     [&](int a, int b) { return merits[a] > merits[b]; });
    for (std::size_t i = 0; i < crowd.size(); ++i) order_[i] = crowd[best_first[i]];

    if (stage_ == Stage::kCounting && scanned_ == int(candidates_.size())) {
      stage_ = Stage::kDone;
    } else if (stage_ == Stage::kScanning && scanned_ == int(candidates_.size())) {
      walk_ = order_;
      if (trained_ > 1) {
        stage_ = Stage::kWidening;
      } else {
        // With a single estimator nothing contradicts it yet: the first block is replicated.
        walked_ = std::min(options_.block, int(walk_.size()));
        within_reach_.assign(walk_.begin(), walk_.begin() + walked_);
        stage_ = Stage::kReplicating;
      }
    } else if (stage_ == Stage::kWidening) {
      JudgeWalk(crowd, merits);
    } else if (stage_ == Stage::kReplicating) {
      JudgeReplicates(crowd, merits);
    }
  }

  void JudgeWalk(const std::vector<int>& crowd, const std::vector<double>& merits) {
    const std::vector<bool> reaches = Reach(merits, DisagreementOf(crowd));
    const int last_block = std::max(0, walked_ - options_.block);
    const bool ends = walked_ == int(walk_.size()) ||
                      (last_block > 0 && std::none_of(reaches.begin() + last_block, reaches.end(),
                                                      [](bool reach) { return reach; })) ||
                      // Half of what may be trained is for the replicates.
                      2 * (networks_ - scanned_) + 2 * options_.block * (trained_ - 1) >
                          options_.networks - scanned_;
    if (!ends) return;
    Restrict(crowd, reaches);
    stage_ = Stage::kReplicating;
  }

  void JudgeReplicates(const std::vector<int>& crowd, const std::vector<double>& merits) {
    const double error = ReplicateError(crowd);
    std::vector<bool> reaches = Reach(merits, error);
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      const Candidate& candidate = candidates_[crowd[i]];
      reaches[i] = reaches[i] && int(candidate.scores.front().size()) == replicates_;
    }
    Restrict(crowd, reaches);
    // What is left is no noise that more seeds would average away.
    if (trained_ > 1 && 2 * error < DisagreementOf(crowd)) within_reach_.clear();
  }

  void Restrict(const std::vector<int>& crowd, const std::vector<bool>& reaches) {
    within_reach_.clear();
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      if (reaches[i] && !candidates_[crowd[i]].has_failed) within_reach_.push_back(crowd[i]);
    }
  }

  std::vector<bool> Reach(const std::vector<double>& merits, double error) const {
    const double best = *std::max_element(merits.begin(), merits.end());
    const double reach = options_.errors * std::sqrt(2.0) * error;
    std::vector<bool> reaches;
    for (const double merit : merits) reaches.push_back(merit >= best - reach);
    return reaches;
  }

  // The weight of a structure count, and of all trained estimators together.
  double part() const { return 1.0 / double(options_.structure + (trained_ > 0)); }

  // Log-ranks of one estimator among the crowd, by the mean of the replicates or by one of them
  // (who has not got it keeps the mean). Who has no score at all is the lowest.
  std::vector<double> LogRanksOf(int estimator, const std::vector<int>& crowd,
                                 std::optional<int> replicate) const {
    std::vector<std::optional<double>> values;
    for (const int c : crowd) {
      const std::vector<double>& scores = candidates_[c].scores[estimator];
      if (candidates_[c].has_failed || scores.empty()) {
        values.emplace_back();
      } else if (replicate && *replicate < int(scores.size())) {
        values.emplace_back(scores[*replicate]);
      } else {
        values.emplace_back(Mean(scores));
      }
    }
    return LogRanks(values);
  }

  // Until the walk, only the cheapest of the trained estimators has been asked.
  int trained_asked() const { return walked_ > 0 ? trained_ : std::min(1, trained_); }

  std::vector<double> MeritsOf(const std::vector<int>& crowd, std::optional<int> replicate) const {
    std::vector<double> merits(crowd.size());
    const auto add = [&](int estimator, double weight) {
      const std::vector<double> ranks = LogRanksOf(estimator, crowd, replicate);
      for (std::size_t i = 0; i < crowd.size(); ++i) merits[i] += weight * ranks[i];
    };
    const int asked = trained_asked();
    for (int e = 0; e < asked; ++e) add(e, part() / asked);
    for (int e = trained_; e < problem_.estimators; ++e) add(e, part());
    return merits;
  }

  // The standard error of a merit, from how much the trained estimators' log-ranks of a candidate
  // differ: pooled over the crowd.
  double DisagreementOf(const std::vector<int>& crowd) const {
    std::vector<std::vector<double>> ranks;
    for (int e = 0; e < trained_; ++e) ranks.push_back(LogRanksOf(e, crowd, std::nullopt));
    return part() * PooledError(ranks);
  }

  // The same from the merits by single replicates, of those who have them all.
  double ReplicateError(const std::vector<int>& crowd) const {
    std::vector<std::vector<double>> merits;
    for (int r = 0; r < replicates_; ++r) merits.push_back(MeritsOf(crowd, r));
    std::vector<std::vector<double>> kept(merits.size());
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      if (int(candidates_[crowd[i]].scores.front().size()) < replicates_) continue;
      for (std::size_t r = 0; r < merits.size(); ++r) kept[r].push_back(merits[r][i]);
    }
    return PooledError(kept);
  }

  // Of the mean over the first index; the variances are pooled over the second.
  static double PooledError(const std::vector<std::vector<double>>& values) {
    const std::size_t repeats = values.size();
    if (repeats < 2 || values.front().empty()) return 0;
    double squares = 0;
    for (std::size_t i = 0; i < values.front().size(); ++i) {
      double mean = 0;
      for (const auto& value : values) mean += value[i] / double(repeats);
      for (const auto& value : values) squares += (value[i] - mean) * (value[i] - mean);
    }
    const double variance = squares / double((repeats - 1) * values.front().size());
    return std::sqrt(variance / double(repeats));
  }

  CoarseToFineOptions options_;
  SearchProblem problem_;
  int trained_;
  std::vector<Candidate> candidates_;
  Stage stage_ = Stage::kScanning;
  std::vector<int> order_;  // candidates, best first; those of later stages before the others
  int scanned_ = 0;
  std::vector<int> walk_;  // the order after the scan
  int walked_ = 0;
  std::vector<int> within_reach_;
  int replicates_ = 1;  // of those within reach
  int networks_ = 0;    // trained
  int asked_ = 0;
  int generations_ = 0;
  std::vector<Request> pending_;
  std::vector<int> asked_of_;  // the candidate of each pending request
};

}  // namespace

MOTE_STRATEGY(coarse_to_fine) {
  registry.Add(
      "mote-nas-c2f", "coarse to fine: every class cheaply, then those who may be the best",
      {{.name = "structure",
        .default_value = std::int64_t(0),
        .help = "how many of the estimators, at the end of the list, are counts that cost nothing",
        .minimum = 0,
        .maximum = 100},
       {.name = "networks",
        .default_value = std::int64_t(14000),
        .help = "most trainings in all; the default takes ten minutes on two cores",
        .minimum = 1,
        .maximum = 100'000'000},
       {.name = "block",
        .default_value = std::int64_t(50),
        .help = "candidates that are widened at a time",
        .minimum = 2,
        .maximum = 100'000},
       {.name = "errors",
        .default_value = 2.0,
        .help = "standard errors of a difference within which a candidate may still be the best",
        .minimum = 0,
        .maximum = 100}},
      [](const Options& options, const SearchProblem& problem) {
        return std::make_unique<CoarseToFine>(
            CoarseToFineOptions{.structure = int(options.Int("structure")),
                                .networks = int(options.Int("networks")),
                                .block = int(options.Int("block")),
                                .errors = options.Real("errors")},
            problem);
      });
}

}  // namespace mote
