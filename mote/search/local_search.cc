// Local search (White, Nolen, Savani: "Exploring the Loss Landscape in Neural Architecture
// Search", UAI 2021): all neighbours of the place are evaluated, the best of them is the next
// place if it is better; from a local optimum it begins anew at a random architecture. The best of
// all climbs counts.

#include <algorithm>
#include <limits>

#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

// Draws in a row of known architectures after which no new beginning is looked for.
constexpr int kBeginnings = 1000;

class LocalSearch final : public PoolStrategy {
 public:
  LocalSearch(int evaluations, const SearchProblem& problem)
      : PoolStrategy(problem), rng_(Key(problem.seed, "propose", 0)) {
    evaluations_ =
        int(std::min<std::int64_t>(evaluations, population().size().value_or(evaluations)));
  }

  // A climb evaluates about as many in a generation as an architecture has neighbours.
  int ExpectedGenerations() const override {
    if (is_over_) return generations();
    int neighbours = 0;
    for (const Choice& choice : problem().space.choices()) {
      neighbours += int(choice.options.size()) - 1;
    }
    return generations() + std::max(1, 2 * (evaluations_ - asked_) / std::max(1, neighbours));
  }
  int ExpectedRequests() const override { return is_over_ ? asked_ : evaluations_; }

 protected:
  std::vector<std::vector<int>> Propose() override {
    std::vector<std::vector<int>> proposals;
    if (asked_ < evaluations_) {
      if (!place_.empty()) proposals = Climb();
      if (proposals.empty() && Begin()) proposals.push_back(place_);
    }
    if (int(proposals.size()) > evaluations_ - asked_) proposals.resize(evaluations_ - asked_);
    asked_ += int(proposals.size());
    is_over_ = proposals.empty();
    return proposals;
  }

 private:
  double UtilityOf(const std::vector<int>& decisions) const {
    return pool().UtilityOf(decisions).value_or(-std::numeric_limits<double>::infinity());
  }

  std::vector<Architecture> Around(const std::vector<int>& centre) const {
    return Neighbours(problem().space, problem().space.Make(centre), 1, problem().feasible);
  }

  // What is still to be evaluated around the place or, once all there is known, around the best of
  // the neighbours, and so on; empty at a local optimum.
  std::vector<std::vector<int>> Climb() {
    while (true) {
      std::vector<std::vector<int>> unknown;
      std::vector<int> best = place_;
      for (const Architecture& neighbour : Around(place_)) {
        const std::vector<int>& decisions = neighbour.decisions();
        if (!pool().Contains(decisions)) {
          unknown.push_back(decisions);
        } else if (UtilityOf(decisions) > UtilityOf(best)) {
          best = decisions;
        }
      }
      if (!unknown.empty() || best == place_) return unknown;
      place_ = best;
    }
  }

  // An architecture that is not known yet; whether there was one.
  bool Begin() {
    for (int draw = 0; draw < kBeginnings; ++draw) {
      const auto drawn = population().Draw(1, rng_);
      if (!pool().Contains(drawn.front())) {
        place_ = drawn.front();
        return true;
      }
    }
    return false;
  }

  int evaluations_;
  Rng rng_;
  std::vector<int> place_;  // empty before the first climb
  int asked_ = 0;
  bool is_over_ = false;
};

}  // namespace

MOTE_STRATEGY(local_search) {
  registry.Add("local-search", "climbs to the best neighbour, begins anew at each optimum",
               {{.name = "evaluations",
                 .default_value = std::int64_t(100),
                 .help = "architectures to evaluate",
                 .minimum = 1,
                 .maximum = 1'000'000}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<LocalSearch>(int(options.Int("evaluations")), problem);
               });
}

}  // namespace mote
