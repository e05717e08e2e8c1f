// The search of MOTE-NAS (Zhang et al., NeurIPS 2024) as the authors' code runs it, replayed on
// stored scores and a benchmark table, many times over, without training anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mote/run/table.h"

namespace mote {

struct ReplaySetting {
  int judged = 0;  // k; 0 is the evaluation-free form
  int iterations = 10;
  double parent_share = 0.01;
};

struct ReplayColumns {
  std::string score = "mote";  // of the score table
  std::string score_seconds = "train_seconds";
  std::string judge = "cifar10_test_acc_12";  // of the truth table
  std::string judge_seconds = "cifar10_train_seconds_12";
  std::string target = "cifar10_test_acc_200";
};

struct ReplayResult {
  double mean = 0;          // of the winner's target, in the table's unit
  double sd = 0;            // over runs
  double cost_seconds = 0;  // mean
  double pool = 0;          // mean size
};

// Runs r = 0 .. runs-1 of strategy mote-nas with proposal seed seed + r over the cells that have
// all five columns, connected or not. The winner is the best by score or, of the `judged` best, the
// best by judgement (ties: the higher score). Cells are taken as they are: equal networks are not
// merged. The cost is score_seconds of each cell of the pool and judge_seconds of each judged one.
// Throws Error(kInvalidArgument) for an unknown column, a setting out of bounds, or if the tables
// have no such cell in common. A run takes about a millisecond.
ReplayResult Replay(const SearchSpace& space, const Table& scores, const Table& truths,
                    const ReplayColumns& columns, const ReplaySetting& setting, int runs,
                    std::uint64_t seed);

}  // namespace mote
