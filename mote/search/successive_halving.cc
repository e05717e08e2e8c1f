// Successive halving (Jamieson, Talwalkar: "Non-stochastic Best Arm Identification and
// Hyperparameter Optimization", AISTATS 2016): many architectures by the cheapest estimator, of
// those the best 1/eta by the next, and so on. The estimators of the search are the rungs, such as
// trainings of growing length: `--estimator mote@faster,mote`.

#include <algorithm>
#include <cmath>
#include <optional>

#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

class SuccessiveHalving final : public SearchStrategy {
 public:
  SuccessiveHalving(int samples, double eta, const SearchProblem& problem)
      : problem_(WithPopulation(problem)), eta_(eta) {
    Rng rng(Key(problem_.seed, "propose", 0));
    for (auto& decisions : problem_.population->Draw(samples, rng)) {
      candidates_.push_back({problem_.space.Make(std::move(decisions))});
    }
  }

  std::vector<Request> Ask() override {
    MOTE_CHECK(pending_.empty(), "{} evaluations have not been told", pending_.size());
    if (rung_ == problem_.estimators) return {};
    alive_ = Keep(rung_ == 0 ? int(candidates_.size()) : Survivors(int(alive_)));
    for (std::size_t place = 0; place < alive_; ++place) {
      pending_.push_back(
          {candidates_[place].architecture, Purpose::kScore, 0, /*estimator=*/rung_});
    }
    return pending_;
  }

  void Tell(const std::vector<Evaluation>& evaluations) override {
    CheckAnswers(evaluations, pending_);
    pending_.clear();
    for (std::size_t place = 0; place < evaluations.size(); ++place) {
      Candidate& candidate = candidates_[place];
      candidate.is_alive = evaluations[place].utility.ok();
      if (!candidate.is_alive) continue;
      candidate.rungs = rung_ + 1;
      candidate.utility = *evaluations[place].utility;
    }
    ++rung_;
    // Those who fail fall behind all who stood beside them, with what they had before.
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& a, const Candidate& b) {
                       if (a.rungs != b.rungs) return a.rungs > b.rungs;
                       return a.rungs > 0 && a.utility > b.utility;
                     });
    if (Keep(int(candidates_.size())) == 0) rung_ = problem_.estimators;
  }

  // By rung reached, then by the utility there.
  std::vector<Ranked> Ranking() const override {
    std::vector<Ranked> ranking;
    for (const Candidate& candidate : candidates_) {
      if (candidate.rungs == 0) continue;
      const double bound = ranking.empty() ? HUGE_VAL : ranking.back().utility;
      ranking.push_back({candidate.architecture, std::min(candidate.utility, bound), 1});
    }
    return ranking;
  }

  int ExpectedGenerations() const override { return problem_.estimators; }

  int ExpectedRequests() const override {
    int requests = 0;
    int alive = int(candidates_.size());
    for (int rung = 0; rung < problem_.estimators; ++rung, alive = Survivors(alive)) {
      requests += alive;
    }
    return requests;
  }

  std::string utility_name() const override {
    return problem_.estimators > 1 ? "score on the last rung" : "";
  }

 private:
  struct Candidate {
    Architecture architecture;
    int rungs = 0;  // with a score
    double utility = 0;
    bool is_alive = true;
  };

  int Survivors(int alive) const { return std::max(1, int(std::ceil(double(alive) / eta_))); }

  // How many of the first `count` can go on.
  std::size_t Keep(int count) const {
    std::size_t kept = 0;
    while (kept < std::min(candidates_.size(), std::size_t(count)) && candidates_[kept].is_alive) {
      ++kept;
    }
    return kept;
  }

  SearchProblem problem_;
  double eta_;
  std::vector<Candidate> candidates_;  // best first
  std::size_t alive_ = 0;
  int rung_ = 0;  // the next one
  std::vector<Request> pending_;
};

}  // namespace

MOTE_STRATEGY(successive_halving) {
  registry.Add("successive-halving",
               "many by the first estimator, the best of them by the next, and so on",
               {{.name = "samples",
                 .default_value = std::int64_t(270),
                 .help = "architectures on the first rung",
                 .minimum = 1,
                 .maximum = 10'000'000},
                {.name = "eta",
                 .default_value = 3.0,
                 .help = "one in so many goes on to the next rung",
                 .minimum = 1.1,
                 .maximum = 1000}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<SuccessiveHalving>(int(options.Int("samples")),
                                                            options.Real("eta"), problem);
               });
}

}  // namespace mote
