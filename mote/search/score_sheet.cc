#include "mote/search/score_sheet.h"

#include <algorithm>
#include <cmath>

#include "mote/base/check.h"
#include "mote/base/log_rank.h"
#include "mote/base/stats.h"

namespace mote {
namespace {

// Of the mean over the first index; the variances are pooled over the second.
double PooledError(const std::vector<std::vector<double>>& values) {
  const std::size_t repeats = values.size();
  if (repeats < 2 || values.front().empty()) return 0;
  double squares = 0;
  for (std::size_t i = 0; i < values.front().size(); ++i) {
    double mean = 0;
    for (const auto& value : values) mean += value[i] / double(repeats);
    for (const auto& value : values) squares += (value[i] - mean) * (value[i] - mean);
  }
  const double variance = squares / double((repeats - 1) * values.front().size());
  return std::sqrt(variance / double(repeats));
}

}  // namespace

ScoreSheet::ScoreSheet(int candidates, int trained, int structure)
    : trained_(trained),
      structure_(structure),
      scores_(trained + structure, std::vector<Scores>(candidates)),
      has_failed_(candidates) {
  MOTE_CHECK(trained >= 0 && structure >= 0 && estimators() > 0);
}

void ScoreSheet::Add(int candidate, int estimator, const Outcome<double>& score) {
  if (has_failed_[candidate]) return;
  if (score.ok()) {
    scores_[estimator][candidate].push_back(*score);
  } else {
    has_failed_[candidate] = true;
  }
}

bool ScoreSheet::has_finite_scores(int candidate) const {
  return std::all_of(scores_.begin(), scores_.end(), [&](const auto& by_candidate) {
    const Scores& scores = by_candidate[candidate];
    return std::all_of(scores.begin(), scores.end(), [](double s) { return std::isfinite(s); });
  });
}

std::vector<double> ScoreSheet::Weights(std::span<const int> crowd) const {
  std::vector<double> weights(estimators());
  int trained = 0;
  for (int e = 0; e < estimators(); ++e) {
    const bool has_any =
        std::any_of(crowd.begin(), crowd.end(), [&](int c) { return !scores_[e][c].empty(); });
    if (!has_any) continue;
    weights[e] = part();
    trained += e < trained_;
  }
  for (int e = 0; e < trained_; ++e) weights[e] /= std::max(1, trained);
  return weights;
}

std::vector<double> ScoreSheet::LogRanksBy(int estimator, std::span<const int> crowd,
                                           std::optional<int> replicate) const {
  std::vector<std::optional<double>> values;
  for (const int c : crowd) {
    const Scores& scores = scores_[estimator][c];
    if (has_failed_[c] || scores.empty()) {
      values.emplace_back();
    } else if (replicate && *replicate < int(scores.size())) {
      values.emplace_back(scores[*replicate]);
    } else {
      values.emplace_back(Mean(scores));
    }
  }
  return LogRanks(values);
}

std::vector<double> ScoreSheet::RankMerits(std::span<const int> crowd,
                                           std::optional<int> replicate) const {
  std::vector<double> merits(crowd.size());
  const std::vector<double> weights = Weights(crowd);
  for (int e = 0; e < estimators(); ++e) {
    if (weights[e] == 0) continue;
    const std::vector<double> ranks = LogRanksBy(e, crowd, replicate);
    for (std::size_t i = 0; i < crowd.size(); ++i) merits[i] += weights[e] * ranks[i];
  }
  return merits;
}

double ScoreSheet::Disagreement(std::span<const int> crowd) const {
  std::vector<std::vector<double>> ranks;
  for (int e = 0; e < trained_; ++e) ranks.push_back(LogRanksBy(e, crowd, std::nullopt));
  return part() * PooledError(ranks);
}

double ScoreSheet::ReplicateError(std::span<const int> crowd, int replicates) const {
  std::vector<std::vector<double>> kept(replicates);
  for (int r = 0; r < replicates; ++r) {
    const std::vector<double> merits = RankMerits(crowd, r);
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      const int c = crowd[i];
      if (!has_failed_[c] && this->replicates(c) >= replicates) kept[r].push_back(merits[i]);
    }
  }
  return PooledError(kept);
}

std::vector<ScoreSheet::Standardization> ScoreSheet::StandardizationsBy(
    std::span<const int> crowd) const {
  std::vector<Standardization> scales;
  const std::vector<double> weights = Weights(crowd);
  for (int e = 0; e < estimators(); ++e) {
    std::vector<double> means;
    for (const int c : crowd) {
      const Scores& scores = scores_[e][c];
      if (has_failed_[c] || scores.empty()) continue;
      if (const double mean = Mean(scores); std::isfinite(mean)) means.push_back(mean);
    }
    const double deviation = means.empty() ? 0 : StandardDeviation(means);
    scales.push_back(deviation > 0 ? Standardization{Mean(means), weights[e] / deviation}
                                   : Standardization{});
  }
  return scales;
}

std::vector<double> ScoreSheet::StandardScoreMerits(std::span<const int> crowd,
                                                    std::span<const int> who) const {
  const std::vector<Standardization> scales = StandardizationsBy(crowd);
  std::vector<double> merits(who.size());
  for (std::size_t i = 0; i < who.size(); ++i) {
    for (int e = 0; e < estimators(); ++e) {
      merits[i] += scales[e].factor * (Mean(scores_[e][who[i]]) - scales[e].mean);
    }
  }
  return merits;
}

double ScoreSheet::PairedError(std::span<const int> crowd, int best,
                               std::span<const int> others) const {
  const std::vector<Standardization> scales = StandardizationsBy(crowd);
  std::vector<std::vector<double>> differences(replicates(best));
  for (std::size_t r = 0; r < differences.size(); ++r) {
    for (const int c : others) {
      double difference = 0;
      for (int e = 0; e < trained_; ++e) {
        difference += scales[e].factor * (scores_[e][best][r] - scores_[e][c][r]);
      }
      differences[r].push_back(difference);
    }
  }
  return PooledError(differences);
}

}  // namespace mote
