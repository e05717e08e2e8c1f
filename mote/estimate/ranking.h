// One order of many candidates out of the scores of several estimators, without fitting anything.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mote/base/outcome.h"
#include "mote/estimate/estimator.h"

namespace mote {

// What one estimator says of every candidate.
struct ScoreColumn {
  std::span<const Outcome<double>> scores;
  Direction direction = Direction::kHigherIsBetter;
};

// Rank 1 is the worst candidate, rank m the best; ties share their average. Candidates without a
// score are the worst and tie with each other; so do scores that are not finite, of either sign,
// which are what degenerate networks have. O(m log m).
std::vector<double> RanksFromWorst(const ScoreColumn& column);

// By candidate: sum over the columns of ln(rank / m), in (-inf, 0], 0 for the best of every column
// (Lee, Ham: AZ-NAS, CVPR 2024). Higher is better. It depends on who else is ranked, and so cannot
// be had of one candidate alone. At least one column; all have the same m candidates.
std::vector<double> SumOfLogRanks(std::span<const ScoreColumn> columns);

// A ranking with a name: which estimators it joins by SumOfLogRanks. An estimator of another preset
// than the user's is written "mote@wide".
struct Ranking {
  std::vector<std::string> members;
  std::string citation = {};
};

using RankingRegistry = Registry<Ranking>;
#define MOTE_RANKING(name) void RegisterRanking_##name(::mote::RankingRegistry& registry)

// Registers a ranking that always has these members.
void AddRanking(RankingRegistry& registry, const std::string& name, const std::string& summary,
                Ranking ranking);

}  // namespace mote
