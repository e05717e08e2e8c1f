#include "mote/search/pool.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/base/check.h"
#include "mote/search/population.h"

namespace mote {

void Pool::Add(const Architecture& architecture, const Outcome<double>& utility) {
  const bool is_new = known_.emplace(architecture.decisions(), size()).second;
  MOTE_CHECK(is_new, "{} is in the pool already", architecture.text());
  MOTE_CHECK(!utility.ok() || std::isfinite(*utility), "{}: {}", architecture.text(), *utility);
  entries_.push_back({architecture, utility.ok() ? std::optional(*utility) : std::nullopt});
  const auto worth = [this](int entry) {
    return entries_[entry].utility.value_or(-std::numeric_limits<double>::infinity());
  };
  const int added = size() - 1;
  // Behind its equals: they were proposed earlier.
  const auto place =
      std::upper_bound(order_.begin(), order_.end(), worth(added),
                       [&](double value, int entry) { return value > worth(entry); });
  order_.insert(place, added);
}

std::vector<Ranked> Pool::Ranking() const {
  std::vector<Ranked> ranking;
  for (const int entry : order_) {
    const auto& [architecture, utility] = entries_[entry];
    if (utility) ranking.push_back({architecture, *utility, 1});
  }
  return ranking;
}

PoolStrategy::PoolStrategy(const SearchProblem& problem) : problem_(WithPopulation(problem)) {}

std::vector<Request> PoolStrategy::Ask() {
  MOTE_CHECK(pending_.empty(), "{} evaluations have not been told", pending_.size());
  for (std::vector<int>& decisions : Propose()) {
    pending_.push_back({problem_.space.Make(std::move(decisions)), problem_.purpose, 0});
  }
  if (!pending_.empty()) ++generations_;
  return pending_;
}

void PoolStrategy::Tell(const std::vector<Evaluation>& evaluations) {
  CheckAnswers(evaluations, pending_);
  pending_.clear();
  for (const auto& [request, utility] : evaluations) pool_.Add(request.architecture, utility);
}

SearchProblem WithPopulation(SearchProblem problem) {
  if (!problem.population) {
    problem.population = std::make_shared<Population>(problem.space, problem.feasible);
  }
  return problem;
}

void CheckAnswers(const std::vector<Evaluation>& evaluations, const std::vector<Request>& asked) {
  MOTE_CHECK(evaluations.size() == asked.size(), "told {} of {}", evaluations.size(), asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    MOTE_CHECK(evaluations[i].request == asked[i], "evaluation {} is of {}, not of {}", i,
               evaluations[i].request.architecture.text(), asked[i].architecture.text());
  }
}

}  // namespace mote
