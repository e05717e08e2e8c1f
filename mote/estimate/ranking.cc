#include "mote/estimate/ranking.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "mote/base/log_rank.h"

namespace mote {

namespace {

// Higher is better; nothing where there is no score.
std::vector<std::optional<double>> Merits(const ScoreColumn& column) {
  std::vector<std::optional<double>> merits;
  merits.reserve(column.scores.size());
  for (const Outcome<double>& score : column.scores) {
    if (!score.ok()) {
      merits.emplace_back();
    } else {
      merits.emplace_back(column.direction == Direction::kHigherIsBetter ? *score : -*score);
    }
  }
  return merits;
}

}  // namespace

std::vector<double> RanksFromWorst(const ScoreColumn& column) {
  return RanksFromLowest(Merits(column));
}

std::vector<double> SumOfLogRanks(std::span<const ScoreColumn> columns) {
  MOTE_CHECK(!columns.empty());
  const std::size_t count = columns.front().scores.size();
  std::vector<double> sums(count);
  for (const ScoreColumn& column : columns) {
    MOTE_CHECK(column.scores.size() == count, "{} and {} candidates", column.scores.size(), count);
    const std::vector<double> ranks = LogRanks(Merits(column));
    for (std::size_t i = 0; i < count; ++i) sums[i] += ranks[i];
  }
  return sums;
}

void AddRanking(RankingRegistry& registry, const std::string& name, const std::string& summary,
                Ranking ranking) {
  registry.Add(name, summary, {}, [ranking = std::move(ranking)](const Options&) {
    return std::make_unique<Ranking>(ranking);
  });
}

}  // namespace mote
