// Regularized evolution (Real, Aggarwal, Huang, Le: "Regularized Evolution for Image Classifier
// Architecture Search", AAAI 2019): a population from which the oldest dies, so that nothing
// survives on one lucky evaluation.
//
//   begin      `population` architectures, uniform
//   cycle      of `sample` members, drawn with repetition, the best has a child by one changed
//              decision; the child enters, the oldest leaves
//
// An architecture met again keeps its first utility and costs nothing. Failed ones are worse than
// all others. The search is over after `evaluations` requests, or when so many cycles in a row
// brought nothing new that the neighbourhood must be known by heart.

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

// Cycles in a row without a new architecture after which the search ends.
constexpr int kIdleCycles = 1000;

struct EvolutionOptions {
  int population;
  int sample;
  int evaluations;
};

class RegularizedEvolution final : public PoolStrategy {
 public:
  RegularizedEvolution(const EvolutionOptions& options, const SearchProblem& problem)
      : PoolStrategy(problem), options_(options), rng_(Key(problem.seed, "propose", 1)) {
    options_.evaluations = std::min<std::int64_t>(
        options_.evaluations, population().size().value_or(options_.evaluations));
  }

  int ExpectedGenerations() const override {
    if (is_over_) return generations();
    const int first = generations() > 0 ? 0 : 1;
    return generations() + first +
           std::max(0, options_.evaluations - std::max(asked_, options_.population));
  }
  int ExpectedRequests() const override { return is_over_ ? asked_ : options_.evaluations; }

 protected:
  std::vector<std::vector<int>> Propose() override {
    std::vector<std::vector<int>> proposals;
    if (asked_ == 0) {
      Rng rng(Key(problem().seed, "propose", 0));
      proposals = population().Draw(std::min(options_.population, options_.evaluations), rng);
      for (const auto& decisions : proposals) living_.push_back(decisions);
    } else if (asked_ < options_.evaluations) {
      if (auto child = NewChild()) proposals.push_back(std::move(*child));
    }
    asked_ += int(proposals.size());
    is_over_ = proposals.empty();
    return proposals;
  }

 private:
  // Lets the population live on until a child is new.
  std::optional<std::vector<int>> NewChild() {
    for (int cycle = 0; cycle < kIdleCycles; ++cycle) {
      const auto child =
          Mutate(problem().space, problem().space.Make(Parent()), 1, problem().feasible, rng_);
      if (!child) continue;
      living_.push_back(child->decisions());
      living_.pop_front();
      if (!pool().Contains(child->decisions())) return child->decisions();
    }
    return std::nullopt;
  }

  std::vector<int> Parent() {
    const std::vector<int>* best = nullptr;
    double best_utility = 0;
    for (int i = 0; i < options_.sample; ++i) {
      const std::vector<int>& drawn = living_[rng_.Below(living_.size())];
      const double utility =
          pool().UtilityOf(drawn).value_or(-std::numeric_limits<double>::infinity());
      if (!best || utility > best_utility) {
        best = &drawn;
        best_utility = utility;
      }
    }
    return *best;
  }

  EvolutionOptions options_;
  Rng rng_;
  std::deque<std::vector<int>> living_;  // the oldest first
  int asked_ = 0;
  bool is_over_ = false;
};

}  // namespace

MOTE_STRATEGY(regularized_evolution) {
  registry.Add("regularized-evolution", "evolution in which the oldest dies (Real et al. 2019)",
               {{.name = "population",
                 .default_value = std::int64_t(10),
                 .help = "architectures alive at a time; 10 in the runs of NAS-Bench-201",
                 .minimum = 1,
                 .maximum = 100000},
                {.name = "sample",
                 .default_value = std::int64_t(3),
                 .help = "members of which the best has a child; 3 in the runs of NAS-Bench-201",
                 .minimum = 1,
                 .maximum = 100000},
                {.name = "evaluations",
                 .default_value = std::int64_t(100),
                 .help = "architectures to evaluate",
                 .minimum = 1,
                 .maximum = 1'000'000}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<RegularizedEvolution>(
                     EvolutionOptions{.population = int(options.Int("population")),
                                      .sample = int(options.Int("sample")),
                                      .evaluations = int(options.Int("evaluations"))},
                     problem);
               });
}

}  // namespace mote
