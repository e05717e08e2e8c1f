// The end of every search: the best few are scored again with other seeds, and the best of those
// may be judged by accuracy.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mote/search/strategy.h"

namespace mote {

struct FinalsOptions {
  int finalists = 40;  // re-scored with replicates 1 .. replicates-1; at least `judged` are taken
  int replicates = 8;  // scores of a finalist in all; 1: no second look
  int judged = 0;      // k: the best k by mean score are judged by accuracy; 0: evaluation-free
  // The judged rank by the sum of the log-ranks of score and accuracy, not by accuracy alone.
  bool joined = false;
};

// How sure the winner is.
struct Sureness {
  // Share of resamples (with repetition, over each finalist's own replicates) in which the winner
  // keeps the highest mean; ties count as kept.
  double first = 0;
  int resamples = 0;
};

// Runs a strategy to its end, then the finals. Finalists are of different classes: of one class
// the architecture first proposed stands, or, if it has no score of its own, the first in the
// strategy's ranking. A strategy that ranks by a number of its own (utility_name()) has no
// replicates: they would be averaged with what they do not measure. One with a failed replicate is
// a finalist no longer: it ranks by its first score among the rest. One whose judgement fails ranks
// behind the judged.
class Finals : public SearchStrategy {
 public:
  // Throws Error(kInvalidArgument) on negative options or fewer than one replicate.
  Finals(std::unique_ptr<SearchStrategy> proposals, const SearchProblem& problem,
         FinalsOptions options);

  std::vector<Request> Ask() override;
  void Tell(const std::vector<Evaluation>& evaluations) override;
  // Judged first, by accuracy or as FinalsOptions::joined says (ties: the higher score), then
  // finalists by mean score, then the rest.
  std::vector<Ranked> Ranking() const override;
  int ExpectedGenerations() const override;
  // Without the final judgements, of which there are at most FinalsOptions::judged.
  int ExpectedRequests() const override;
  std::string utility_name() const override { return proposals_->utility_name(); }

  // Of the winner among the finalists by mean score, judged or not; nothing with fewer than two
  // replicates, or before they are told.
  std::optional<Sureness> WinnerSureness() const;
  // The strategy's own stage, then "replicating", "judging" or "done".
  std::string stage() const override;

 private:
  struct Finalist {
    Architecture architecture;
    std::vector<double> scores;  // the strategy's utility, then by replicate
    int proposed = 1;            // scores behind the first
    bool has_failed = false;     // in a replicate
    std::optional<double> judged = {};

    double MeanScore() const;
    int replicates() const { return proposed + int(scores.size()) - 1; }
  };
  enum class Stage { kProposing, kReplicating, kJudging, kDone };

  void ChooseFinalists();
  // What the judged are ordered by; nothing for the others.
  std::vector<std::optional<double>> Verdicts() const;
  std::vector<Request> ReplicateRequests() const;
  std::vector<Request> JudgeRequests() const;
  // Known, or expected while still proposing.
  int FinalistCount() const;
  // Scores of a finalist beyond the strategy's own.
  int MoreScores() const;

  std::unique_ptr<SearchStrategy> proposals_;
  SearchProblem problem_;
  FinalsOptions options_;
  Stage stage_ = Stage::kProposing;
  std::vector<Request> pending_;
  std::unordered_map<Hash128, Architecture> first_of_class_;  // that has a score
  std::vector<Finalist> finalists_;                           // best first by mean score
  int chosen_ = 0;                                            // finalists before any failed
  bool replicates_told_ = false;
};

}  // namespace mote
