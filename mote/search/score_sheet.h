// Scores of candidates by several estimators, each from several seeds; what they say together, and
// how sure that is.
//
// A merit is a weighted sum over the estimators of the candidate's mean score, on a scale that has
// no unit. The trained estimators share one part of it, each structure count has one of its own.
// Merits are among a crowd: candidates by their numbers.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "mote/base/outcome.h"

namespace mote {

class ScoreSheet {
 public:
  // The estimators are `trained` ones and then `structure` counts, which no seed changes.
  ScoreSheet(int candidates, int trained, int structure);

  // The next replicate. A failure is the end of its candidate: it is the lowest of all, for good,
  // and what comes of it afterwards is not kept.
  void Add(int candidate, int estimator, const Outcome<double>& score);

  bool has_failed(int candidate) const { return has_failed_[candidate]; }
  bool has_finite_scores(int candidate) const;
  // By the first estimator.
  int replicates(int candidate) const { return int(scores_[0][candidate].size()); }

  // By log-ranks (base/log_rank.h), which nothing outlying disturbs. An estimator that nobody in
  // the crowd has a score of is left out. By one replicate: who has not got it keeps the mean.
  // O(estimators * (scores + crowd log crowd)).
  std::vector<double> RankMerits(std::span<const int> crowd,
                                 std::optional<int> replicate = {}) const;
  // The standard error of those merits, pooled over the crowd, from how much a candidate's
  // log-ranks by the trained estimators differ. 0 by a single one.
  double Disagreement(std::span<const int> crowd) const;
  // The same from the merits by single replicates, over those who have that many and have not
  // failed. 0 by one.
  double ReplicateError(std::span<const int> crowd, int replicates) const;

  // By standard scores: deviations from the crowd's mean in units of the crowd's standard
  // deviation. These tell how far the best are apart, where their ranks are one, two and three in
  // any case. Of `who`, a part of the crowd without failures and with finite scores only, in its
  // order.
  std::vector<double> StandardScoreMerits(std::span<const int> crowd,
                                          std::span<const int> who) const;
  // The standard error of the difference of two such merits: that of `best` to each of the others,
  // paired by replicate and pooled over them. All have as many replicates, two or more.
  double PairedError(std::span<const int> crowd, int best, std::span<const int> others) const;

 private:
  using Scores = std::vector<double>;  // by replicate

  // The weight of a structure count, and of all trained estimators together.
  double part() const { return 1.0 / double(structure_ + (trained_ > 0)); }
  int estimators() const { return trained_ + structure_; }
  // Of each estimator; 0 where nobody in the crowd has a score.
  std::vector<double> Weights(std::span<const int> crowd) const;
  std::vector<double> LogRanksBy(int estimator, std::span<const int> crowd,
                                 std::optional<int> replicate) const;
  struct Standardization {
    double mean = 0;
    double factor = 0;  // weight per standard deviation; 0 where all are equal
  };
  std::vector<Standardization> StandardizationsBy(std::span<const int> crowd) const;

  int trained_;
  int structure_;
  std::vector<std::vector<Scores>> scores_;  // by estimator, candidate
  std::vector<char> has_failed_;
};

}  // namespace mote
