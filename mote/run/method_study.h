// Methods of searching side by side on a benchmark table: what each finds and what it costs, over
// many seeds, in virtual time.
//
// Scores are those of the session's data and preset, measured once and kept in the store; their
// cost is the core seconds that they took then. Accuracies are looked up, and cost what the table
// says their training took. Nothing here depends on when or by how many workers it is run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mote/run/experiment.h"
#include "mote/run/method.h"

namespace mote {

struct MethodStudySettings {
  ScoreSettings score;  // its estimators are each method's own
  std::vector<std::filesystem::path> tables;
  std::string judge = "cifar10_val_acc_12";  // column that steers every method that judges
  std::vector<std::string> targets;          // columns read once, for the winner, and for curves
  // One per target: the column of seconds that a judgement costs, and that of the winner's final
  // training. Empty names: no such cost is known, and none is counted.
  std::vector<std::string> judge_seconds;
  std::vector<std::string> final_seconds;
  int score_seeds = 5;     // from score.score_seed on
  int proposal_seeds = 4;  // from 0 on; each with each
};

// Columns by the names of the benchmark's tables: "<dataset>_test_acc_200" has its costs in
// "<dataset>_train_seconds_12" and "<dataset>_train_seconds_200". Where `table` lacks one, its name
// is empty.
void FindCostColumns(const Table& table, MethodStudySettings& settings);

// Who led after so much cost: at the end of each generation, and after each judgement unless the
// method joins accuracy with the score. The last is the winner.
struct MethodLead {
  std::string stage = {};
  double score_seconds = 0;                // core seconds of scoring so far
  std::vector<double> judge_seconds = {};  // by target
  std::vector<double> truths = {};         // by target, of who leads
};

struct MethodRun {
  std::uint64_t score_seed = 0, seed = 0;
  std::string winner = {};
  std::vector<MethodLead> leads = {};      // at least one
  std::vector<double> final_seconds = {};  // by target, of the winner
  int scored = 0, judged = 0;              // evaluations
  std::string failure = {};                // empty: it ended well; else there are no leads

  double cost(std::size_t target) const {
    return leads.back().score_seconds + leads.back().judge_seconds[target];
  }
};

// Mean and deviations of a figure over runs.
struct Spread {
  double mean = 0;
  double sd = 0;             // over all runs, divisor n - 1; 0 of a single one
  double sd_score_seed = 0;  // of the means by score seed
};
Spread SpreadOf(const std::vector<MethodRun>& runs,
                const std::function<double(const MethodRun&)>& figure);

// How far the runs of a method are, in evaluations; of those that have not begun as many are
// expected as of the others.
struct MethodProgress {
  int done = 0, expected = 0;
};

// One method with all seeds, several runs at once on the workers of settings.score: first one of
// each score seed, then the others, which find most of their scores. If all proposal seeds gave the
// same result with each score seed, only one of each stays: more are no more evidence. `observe`
// may be called from any thread, one at a time. Throws Stopped; what was measured is in the store.
std::vector<MethodRun> RunMethod(const Catalog& catalog, const Method& method,
                                 const MethodStudySettings& settings, const StopToken& stop,
                                 const std::shared_ptr<Holdings>& holdings,
                                 const std::function<void(const MethodProgress&)>& observe = {});

// Best-so-far against cost as a mean over runs, with the 10 % and 90 % quantiles: at each cost, who
// led by then. It begins where all runs have a leader, since the mean of a few is of other seeds.
struct MethodCurve {
  std::vector<double> seconds, mean, low, high;
};
MethodCurve CurveOf(const std::vector<MethodRun>& runs, std::size_t target);

}  // namespace mote
