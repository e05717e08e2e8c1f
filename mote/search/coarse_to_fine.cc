// Coarse to fine: score widely by the cheapest estimator, then spend on those who may be the best.
//
// The search's estimators are trained ones, the cheapest first, and at the end `structure` counts
// that cost nothing. Each candidate has a merit, by all of them (score_sheet.h).
//
//   scanning      every class of equal networks, one score by the cheapest estimator
//   widening      down that order, block by block, one score by every other estimator. How far the
//                 estimators contradict each other about a candidate is the standard error of its
//                 merit; the walk ends with a block of which none is within `errors` standard
//                 errors of the best
//   replicating   those within reach, again with other seeds, round by round. Now the spread of the
//                 merits by single replicates is the standard error; who falls out of reach is
//                 scored no more. Ends with one left, when the seeds matter less than half as much
//                 as the choice of estimators or nothing at all, or when `networks` are trained
//   deciding      if `decide`: those still within reach, again and again, until one is left or
//                 `networks` are trained. What counts is how far the scores lie apart: ranks are
//                 one, two and three at the top whatever lies between. The standard error is that
//                 of the difference to the best over the same seeds, pooled over those within reach
//                 alone, about whom the seeds contradict each other far less than about the rest
//
// So the data decide how many survive each stage and how often they are scored again. Nothing is
// fitted and no accuracy is read. The ranking is by merit; those who came to the decision are
// before all others, and among them those first who were within reach longest.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "mote/base/error.h"
#include "mote/search/pool.h"
#include "mote/search/population.h"
#include "mote/search/score_sheet.h"

namespace mote {
namespace {

struct CoarseToFineOptions {
  int structure;
  int networks;
  int block;
  double errors;
  bool decide;
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
    sheet_.emplace(int(candidates_.size()), trained_, options.structure);
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
      case Stage::kDeciding:
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
      sheet_->Add(asked_of_[i], request.estimator, utility);
      asked_ += 1;
      networks_ += request.estimator < trained_;
    }
    pending_.clear();
    asked_of_.clear();
    Judge();
  }

  // Merits of different depths are among different crowds, and those of the decision on a scale of
  // their own: those of one depth are moved down together where one would stand above who came
  // further.
  std::vector<Ranked> Ranking() const override {
    std::vector<Ranked> ranking;
    double shift = 0;
    int depth = 0;
    for (const int c : order_) {
      const Candidate& candidate = candidates_[c];
      if (sheet_->has_failed(c) || sheet_->replicates(c) == 0) continue;
      if (!ranking.empty() && candidate.depth != depth) {
        shift = std::min(0.0, ranking.back().utility - candidate.merit);
      }
      depth = candidate.depth;
      ranking.push_back({candidate.architecture, candidate.merit + shift, sheet_->replicates(c)});
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

  std::string utility_name() const override {
    return options_.decide ? "merit" : "sum of log-ranks";
  }

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
      case Stage::kDeciding:
        return "deciding";
      case Stage::kDone:
        return "done";
    }
    MOTE_CHECK(false, "unnamed stage");
  }

 private:
  static constexpr int kScanned = 500;  // classes in a generation of the scan

  struct Candidate {
    Architecture architecture;
    double merit = 0;
    int depth = -1;  // 0 scanned, 1 widened, then the replicates that were decided by
  };
  enum class Stage { kCounting, kScanning, kWidening, kReplicating, kDeciding, kDone };

  // One architecture of each class, as many as may be trained. A listed population is taken in its
  // order, so that nothing depends on the seed.
  void FindCandidates() {
    const Population& population = *problem_.population;
    std::unordered_set<Hash128> classes;
    const auto add = [&](std::vector<int> decisions) {
      Architecture architecture = problem_.space.Make(std::move(decisions));
      if (!classes.insert(problem_.space.ClassId(architecture)).second) return;
      candidates_.push_back({std::move(architecture)});
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
    const int affordable = (options_.networks - networks_) / (trained_ - 1);
    const int end = std::min(walked_ + std::min(options_.block, affordable), int(walk_.size()));
    for (; walked_ < end; ++walked_) {
      for (int e = 1; e < trained_; ++e) Want(walk_[walked_], e, 0);
    }
  }

  // Half as many again as there are, so that rounds are few even where replicates are many; at most
  // a third is spent on those who would have dropped out within the round.
  void AskToReplicate() {
    const int end = replicates_ + std::min(std::max(1, replicates_ / 2), AffordableReplicates());
    for (; replicates_ < end; ++replicates_) {
      for (const int c : within_reach_) {
        for (int e = 0; e < trained_; ++e) Want(c, e, replicates_);
      }
    }
  }

  // More replicates of all within reach; none if there is nobody to be told apart.
  int AffordableReplicates() const {
    if (within_reach_.size() < 2) return 0;
    return (options_.networks - networks_) / (int(within_reach_.size()) * trained_);
  }

  // What a generation has changed: merits, order, who is within reach, and the stage.
  void Judge() {
    switch (stage_) {
      case Stage::kCounting:
      case Stage::kScanning: {
        std::vector<int> scanned(scanned_);
        std::iota(scanned.begin(), scanned.end(), 0);
        Order(scanned, sheet_->RankMerits(scanned), 0);
        if (scanned_ == int(candidates_.size())) EndScan();
        break;
      }
      case Stage::kWidening:
        JudgeWalk();
        break;
      case Stage::kReplicating:
        JudgeReplicates();
        break;
      case Stage::kDeciding:
        Decide();
        break;
      case Stage::kDone:
        break;
    }
  }

  // Gives the crowd these merits at this depth; the deepest come first.
  void Order(const std::vector<int>& crowd, const std::vector<double>& merits, int depth) {
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      candidates_[crowd[i]].merit = merits[i];
      candidates_[crowd[i]].depth = depth;
    }
    // Ties stand as the walk or the scan has them.
    if (walk_.empty()) {
      std::iota(order_.begin(), order_.end(), 0);
    } else {
      order_ = walk_;
    }
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
      const Candidate &one = candidates_[a], &other = candidates_[b];
      return one.depth != other.depth ? one.depth > other.depth : one.merit > other.merit;
    });
  }

  void EndScan() {
    if (trained_ > 0) walk_ = order_;
    std::erase_if(walk_, [&](int c) { return sheet_->has_failed(c); });
    if (walk_.empty()) {
      stage_ = Stage::kDone;
    } else if (trained_ > 1) {
      stage_ = Stage::kWidening;
    } else {
      // With a single estimator nothing contradicts it yet: the first block is replicated.
      walked_ = std::min(options_.block, int(walk_.size()));
      within_reach_ = walked();
      stage_ = Stage::kReplicating;
    }
  }

  std::vector<int> walked() const { return {walk_.begin(), walk_.begin() + walked_}; }

  void JudgeWalk() {
    within_reach_ = walked();
    const double error = sheet_->Disagreement(within_reach_);
    Order(within_reach_, sheet_->RankMerits(within_reach_), 1);
    DropFailures();
    const double least = LeastWithinReach(error);
    const int last_block = std::max(0, walked_ - options_.block);
    const bool none_of_last =
        last_block > 0 && std::all_of(walk_.begin() + last_block, walk_.begin() + walked_,
                                      [&](int c) { return candidates_[c].merit < least; });
    const bool ends = walked_ == int(walk_.size()) || none_of_last ||
                      // Half of what may be trained is for the replicates.
                      2 * (networks_ - scanned_) + 2 * options_.block * (trained_ - 1) >
                          options_.networks - scanned_;
    if (!ends) return;
    Restrict(least);
    stage_ = Stage::kReplicating;
  }

  void JudgeReplicates() {
    const std::vector<int> crowd = walked();
    Order(crowd, sheet_->RankMerits(crowd), 1);
    DropFailures();
    const double error = sheet_->ReplicateError(crowd, replicates_);
    Restrict(LeastWithinReach(error));
    // Once the estimators contradict each other more than the seeds do, more seeds help only among
    // the very best. A single estimator cannot contradict itself.
    const bool is_settled =
        error == 0 || (trained_ > 1 ? 2 * error < sheet_->Disagreement(crowd) : options_.decide);
    if (options_.decide && (is_settled || AffordableReplicates() == 0)) {
      stage_ = Stage::kDeciding;
      Decide();
    } else if (is_settled) {
      stage_ = Stage::kDone;
    }
  }

  // Drops who is out of reach of the best, until the standard error is that of those who stay; but
  // nobody while there is too little to tell an error from.
  void Decide() {
    constexpr int kLeastFreedom = 30;
    const std::vector<int> crowd = walked();
    DropFailures();
    std::erase_if(within_reach_, [&](int c) { return !sheet_->has_finite_scores(c); });
    Order(within_reach_, sheet_->StandardScoreMerits(crowd, within_reach_), replicates_);
    while (within_reach_.size() > 1) {
      const int best = order_.front();
      std::vector<int> others = within_reach_;
      std::erase(others, best);
      if (int(others.size()) * (replicates_ - 1) < kLeastFreedom) return;
      const double error = sheet_->PairedError(crowd, best, others);
      if (error == 0) {
        within_reach_ = {best};  // no seed tells the others apart from it, or brings them near
      } else if (Restrict(candidates_[best].merit - options_.errors * error) == 0) {
        return;
      }
    }
  }

  void DropFailures() {
    std::erase_if(within_reach_, [&](int c) { return sheet_->has_failed(c); });
  }

  // Drops who has less merit; returns how many.
  std::size_t Restrict(double least) {
    return std::erase_if(within_reach_, [&](int c) { return !(candidates_[c].merit >= least); });
  }

  // The merit that is needed to stay. `error` is that of one merit; that of a difference of two is
  // larger.
  double LeastWithinReach(double error) const {
    double best = -std::numeric_limits<double>::infinity();
    for (const int c : within_reach_) best = std::max(best, candidates_[c].merit);
    return best - options_.errors * std::sqrt(2.0) * error;
  }

  CoarseToFineOptions options_;
  SearchProblem problem_;
  int trained_;
  std::vector<Candidate> candidates_;
  std::optional<ScoreSheet> sheet_;
  Stage stage_ = Stage::kScanning;
  std::vector<int> order_;  // candidates, best first; those of later stages before the others
  int scanned_ = 0;
  std::vector<int> walk_;  // the order after the scan, without those who failed
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
        .maximum = 100},
       {.name = "decide",
        .default_value = false,
        .help = "score the best again and again until one is left or all networks are trained"}},
      [](const Options& options, const SearchProblem& problem) {
        return std::make_unique<CoarseToFine>(
            CoarseToFineOptions{.structure = int(options.Int("structure")),
                                .networks = int(options.Int("networks")),
                                .block = int(options.Int("block")),
                                .errors = options.Real("errors"),
                                .decide = options.Flag("decide")},
            problem);
      });
}

}  // namespace mote
