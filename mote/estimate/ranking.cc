#include "mote/estimate/ranking.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

#include "mote/base/stats.h"

namespace mote {

std::vector<double> RanksFromWorst(const ScoreColumn& column) {
  std::vector<double> merits;
  merits.reserve(column.scores.size());
  for (const Outcome<double>& score : column.scores) {
    if (!score.ok() || !std::isfinite(*score)) {
      merits.push_back(-std::numeric_limits<double>::infinity());
    } else {
      merits.push_back(column.direction == Direction::kHigherIsBetter ? *score : -*score);
    }
  }
  return AverageRanks(merits);
}

std::vector<double> SumOfLogRanks(std::span<const ScoreColumn> columns) {
  MOTE_CHECK(!columns.empty());
  const std::size_t count = columns.front().scores.size();
  std::vector<double> sums(count);
  for (const ScoreColumn& column : columns) {
    MOTE_CHECK(column.scores.size() == count, "{} and {} candidates", column.scores.size(), count);
    const std::vector<double> ranks = RanksFromWorst(column);
    for (std::size_t i = 0; i < count; ++i) sums[i] += std::log(ranks[i] / double(count));
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
