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
};

// How sure the winner is.
struct Sureness {
  // Share of resamples (with repetition, over each finalist's own replicates) in which the winner
  // keeps the highest mean; ties count as kept.
  double first = 0;
  int resamples = 0;
};

// Runs a strategy to its end, then the finals. Finalists are of different classes: of one class
// the architecture first proposed stands. One with a failed replicate is a finalist no longer: it
// ranks by its first score among the rest. One whose judgement fails ranks behind the judged.
class Finals : public SearchStrategy {
 public:
  // Throws Error(kInvalidArgument) on negative options or fewer than one replicate.
  Finals(std::unique_ptr<SearchStrategy> proposals, const SearchProblem& problem,
         FinalsOptions options);

  std::vector<Request> Ask() override;
  void Tell(const std::vector<Evaluation>& evaluations) override;
  // Judged first by accuracy (ties: the higher score), then finalists by mean score, then the rest.
  std::vector<Ranked> Ranking() const override;
  int ExpectedGenerations() const override;
  // Without the judgements, of which there are at most FinalsOptions::judged.
  int ExpectedRequests() const override;

  // Of the winner among the finalists by mean score, judged or not; nothing with fewer than two
  // replicates, or before they are told.
  std::optional<Sureness> WinnerSureness() const;
  // "proposing", "replicating", "judging" or "done".
  std::string stage() const;

 private:
  struct Finalist {
    Architecture architecture;
    std::vector<double> scores;  // by replicate
    bool has_failed = false;     // in a replicate
    std::optional<double> judged = {};

    double MeanScore() const;
  };
  enum class Stage { kProposing, kReplicating, kJudging, kDone };

  void ChooseFinalists();
  std::vector<Request> ReplicateRequests() const;
  std::vector<Request> JudgeRequests() const;
  // Known, or expected while still proposing.
  int FinalistCount() const;

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
