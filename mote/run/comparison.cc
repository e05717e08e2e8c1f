#include "mote/run/comparison.h"

#include <algorithm>
#include <numeric>

#include "mote/base/check.h"
#include "mote/run/rank_resampler.h"

namespace mote {
namespace {

template <typename T>
std::vector<T> Take(std::span<const T> items, std::span<const int> which) {
  std::vector<T> taken;
  taken.reserve(which.size());
  for (const int i : which) taken.push_back(items[i]);
  return taken;
}

SeedScores Restrict(const SeedScores& scores, std::span<const int> members) {
  SeedScores restricted;
  for (const auto& series : scores) restricted.push_back(Take(std::span(series), members));
  return restricted;
}

// Series without gaps: what is missing ranks below all the rest, tied.
std::vector<std::vector<double>> Filled(const SeedScores& scores) {
  std::vector<std::vector<double>> filled;
  for (const auto& series : scores) {
    double lowest = 0;
    for (const auto& score : series) lowest = std::min(lowest, score.value_or(0));
    auto& values = filled.emplace_back();
    for (const auto& score : series) values.push_back(score.value_or(lowest - 1));
  }
  return filled;
}

// Kendall's tau-b of several series, a mean over them; none if one has none.
class MeanTau {
 public:
  MeanTau(const std::vector<std::vector<double>>& series, std::span<const double> truths) {
    for (const auto& values : series) resamplers_.emplace_back(values, truths);
  }

  std::optional<double> Of(std::span<const int> items) {
    double sum = 0;
    for (RankResampler& resampler : resamplers_) {
      const auto tau = resampler.Tau(items);
      if (!tau) return std::nullopt;
      sum += *tau;
    }
    return sum / double(resamplers_.size());
  }

 private:
  std::vector<RankResampler> resamplers_;
};

// The same of each resample of `count` items that `key` draws, and their interval.
struct ResampledTau {
  ResampledTau(MeanTau& tau, int count, const Key& key) {
    interval = BootstrapInterval(
        count, [&](std::span<const int> items) { return taus.emplace_back(tau.Of(items)); }, key);
  }

  std::vector<std::optional<double>> taus = {};
  std::optional<Interval> interval;
};

template <typename Get>
std::optional<double> MeanOf(const std::vector<Correlation>& seeds, Get get) {
  double sum = 0;
  for (const Correlation& correlation : seeds) {
    const std::optional<double> value = get(correlation);
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum / double(seeds.size());
}

// The mean of each figure over the seeds.
Correlation Average(const std::vector<Correlation>& seeds) {
  if (seeds.size() == 1) return seeds.front();
  Correlation mean;
  mean.count = seeds.front().count;
  mean.tau = MeanOf(seeds, [](const Correlation& c) { return c.tau; });
  mean.rho = MeanOf(seeds, [](const Correlation& c) { return c.rho; });
  mean.tau_top10 = MeanOf(seeds, [](const Correlation& c) { return c.tau_top10; });
  mean.top = seeds.front().top;
  for (std::size_t k = 0; k < mean.top.size(); ++k) {
    mean.top[k].precision =
        *MeanOf(seeds, [k](const Correlation& c) { return std::optional(c.top[k].precision); });
    mean.top[k].regret =
        *MeanOf(seeds, [k](const Correlation& c) { return std::optional(c.top[k].regret); });
  }
  return mean;
}

}  // namespace

std::vector<Comparison> Compare(const std::vector<Contender>& contenders,
                                std::span<const double> truths, std::span<const int> members,
                                const Contender* reference, const Key& key) {
  const std::vector<double> member_truths = Take(truths, members);
  const int count = int(members.size());
  std::vector<int> everyone(members.size());
  std::iota(everyone.begin(), everyone.end(), 0);
  std::optional<MeanTau> rival;
  std::optional<ResampledTau> rival_resampled;
  if (reference) {
    rival.emplace(Filled(Restrict(reference->scores, members)), member_truths);
    rival_resampled.emplace(*rival, count, key);
  }

  std::vector<Comparison> comparisons;
  for (const Contender& contender : contenders) {
    MOTE_CHECK(!contender.scores.empty(), "{} has no scores", contender.name);
    const SeedScores scores = Restrict(contender.scores, members);
    const bool one_seed = scores.size() == 1;
    std::vector<Correlation> seeds;
    for (const auto& series : scores) {
      seeds.push_back(Correlate(series, member_truths, key, one_seed ? 1000 : 0));
    }
    Comparison comparison;
    comparison.name = contender.name;
    comparison.mean = Average(seeds);
    if (!one_seed || reference) {
      MeanTau own(Filled(scores), member_truths);
      const ResampledTau resampled(own, count, key);
      if (!one_seed) comparison.mean.tau_interval = resampled.interval;
      if (reference) {
        const auto minus = [](std::optional<double> tau,
                              std::optional<double> other) -> std::optional<double> {
          if (!tau || !other) return std::nullopt;
          return *tau - *other;
        };
        comparison.lead = minus(own.Of(everyone), rival->Of(everyone));
        // Paired: both are of the same resamples.
        std::size_t round = 0;
        comparison.lead_interval = BootstrapInterval(
            count,
            [&](std::span<const int>) {
              const std::size_t at = round++;
              return minus(resampled.taus[at], rival_resampled->taus[at]);
            },
            key);
      }
    }
    comparisons.push_back(std::move(comparison));
  }
  return comparisons;
}

}  // namespace mote
