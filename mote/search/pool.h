// What a search has scored so far.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "mote/search/strategy.h"

namespace mote {

// Architectures with their utilities, each once. Ordered by utility, higher first, then by order
// of proposal; failed evaluations stand last. Adding costs O(size).
class Pool {
 public:
  struct Entry {
    Architecture architecture;
    std::optional<double> utility;  // nothing: the evaluation failed
  };

  // The architecture must be new; a utility must be finite.
  void Add(const Architecture& architecture, const Outcome<double>& utility);

  int size() const { return int(entries_.size()); }
  bool Contains(const std::vector<int>& decisions) const { return known_.contains(decisions); }
  // Nothing if the evaluation failed. The architecture must be known.
  std::optional<double> UtilityOf(const std::vector<int>& decisions) const {
    return entries_[known_.at(decisions)].utility;
  }
  // The place-th best, place in 0 .. size()-1.
  const Entry& Best(int place) const { return entries_[order_[place]]; }
  // Those with a utility, best first.
  std::vector<Ranked> Ranking() const;

 private:
  std::vector<Entry> entries_;             // in order of proposal
  std::vector<int> order_;                 // indices of entries_, best first
  std::map<std::vector<int>, int> known_;  // their indices in entries_
};

// A strategy whose requests are all of one purpose and of architectures new to its pool: scores by
// the first estimator, replicate 0, or judgements (SearchProblem::purpose). What all of them do
// alike; one needs Propose() and the two expectations.
class PoolStrategy : public SearchStrategy {
 public:
  explicit PoolStrategy(const SearchProblem& problem);

  std::vector<Request> Ask() final;
  void Tell(const std::vector<Evaluation>& evaluations) final;
  std::vector<Ranked> Ranking() const final { return pool_.Ranking(); }

 protected:
  // The decisions of the next generation; empty when the search is over.
  virtual std::vector<std::vector<int>> Propose() = 0;

  const SearchProblem& problem() const { return problem_; }
  const Population& population() const { return *problem_.population; }
  const Pool& pool() const { return pool_; }
  // Generations asked for so far.
  int generations() const { return generations_; }

 private:
  SearchProblem problem_;
  Pool pool_;
  std::vector<Request> pending_;
  int generations_ = 0;
};

// The problem with the feasible part of its space, found unless it is shared already.
SearchProblem WithPopulation(SearchProblem problem);

// Aborts unless the evaluations answer the requests, in their order.
void CheckAnswers(const std::vector<Evaluation>& evaluations, const std::vector<Request>& asked);

}  // namespace mote
