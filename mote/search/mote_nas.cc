// The search of MOTE-NAS (Zhang, Hsieh, Li, Chang, Lee, Fan, "MOTE-NAS: Multi-Objective
// Training-based Estimate for Efficient Neural Architecture Search", NeurIPS 2024), as the authors'
// code runs it: a pool that grows by the neighbours of its best.
//
//   iteration 0    10 architectures, uniform
//   iteration i    10 b_i architectures, uniform, b_i = 10 + growth floor(i/10); those at most
//                  `radius` decisions away from a parent and not yet in the pool enter it; parents
//                  are the best max(1, round(share * pool)), a half rounded to even
//
// Nothing leaves the pool. What the authors draw from their table is drawn here from the feasible
// part of the space. Their code takes 1 % as parents, the paper says 10 %, our default. An
// iteration without children is passed over. Their final choice is in finals.h.

#include <algorithm>
#include <cmath>

#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

constexpr int kFirst = 10;  // architectures of iteration 0; the batch of iterations 1 to 9
constexpr int kDrawsPerBatch = 10;

struct MoteNasOptions {
  int iterations;
  double parents;
  int growth;
  int radius;
};

bool IsWithin(int radius, const std::vector<int>& a, const std::vector<int>& b) {
  int changes = 0;
  for (std::size_t i = 0; i < a.size(); ++i) changes += a[i] != b[i];
  return changes <= radius;
}

// Share of the space within `radius` changes of an architecture, itself included.
double NeighbourhoodShare(const SearchSpace& space, int radius) {
  std::vector<double> with_changes(radius + 1, 0.0);  // architectures by number of changes
  with_changes[0] = 1;
  double size = 1;
  for (const Choice& choice : space.choices()) {
    const double others = double(choice.options.size()) - 1;
    for (int changes = radius; changes > 0; --changes) {
      with_changes[changes] += with_changes[changes - 1] * others;
    }
    size *= others + 1;
  }
  double near = 0;
  for (const double count : with_changes) near += count;
  return near / size;
}

class MoteNas final : public PoolStrategy {
 public:
  MoteNas(const MoteNasOptions& options, const SearchProblem& problem)
      : PoolStrategy(problem),
        options_(options),
        share_near_(NeighbourhoodShare(problem.space, options.radius)) {}

  int ExpectedGenerations() const override {
    return generations() + options_.iterations - iteration_;
  }

  // Parents resemble each other, so their neighbourhoods overlap by more than chance: `parents` of
  // them cover as much as parents^kSpread at random places would. kSpread fits the mean pools of
  // replays on the released scores of NAS-Bench-201, 25 to 1,050 cells, within a seventh.
  int ExpectedRequests() const override {
    constexpr double kSpread = 0.79;
    const double all = population().size() ? double(*population().size()) : HUGE_VAL;
    double pool_size = std::max(pool().size(), asked_);
    for (int i = iteration_; i < options_.iterations; ++i) {
      double more = kFirst;
      if (i > 0) {
        const double near = 1 - std::pow(1 - share_near_, std::pow(Parents(pool_size), kSpread));
        more = Draws(i) * near * (1 - pool_size / all);
      }
      pool_size = std::min(pool_size + more, all);
    }
    return int(std::lround(pool_size));
  }

 protected:
  std::vector<std::vector<int>> Propose() override {
    std::vector<std::vector<int>> children;
    while (children.empty() && iteration_ < options_.iterations) {
      Rng rng(Key(problem().seed, "propose", iteration_));
      children = population().Draw(Draws(iteration_), rng);
      if (iteration_ > 0) KeepChildren(children);
      ++iteration_;
    }
    asked_ = pool().size() + int(children.size());
    return children;
  }

 private:
  int Draws(int iteration) const {
    if (iteration == 0) return kFirst;
    return kDrawsPerBatch * (kFirst + options_.growth * (iteration / 10));
  }

  int Parents(double pool_size) const {
    // nearbyint rounds halves to even, as the authors' round() does.
    return std::max(1, int(std::nearbyint(options_.parents * pool_size)));
  }

  // The draw is in random order and without repetition, so the authors' shuffling, deduplication
  // and limit (as many children as draws) have nothing left to do.
  void KeepChildren(std::vector<std::vector<int>>& drawn) const {
    const int parents = Parents(pool().size());
    std::erase_if(drawn, [&](const std::vector<int>& candidate) {
      for (int place = 0; place < parents; ++place) {
        const Architecture& parent = pool().Best(place).architecture;
        if (IsWithin(options_.radius, candidate, parent.decisions())) {
          return pool().Contains(candidate);
        }
      }
      return true;
    });
  }

  MoteNasOptions options_;
  double share_near_;
  int iteration_ = 0;  // the next one
  int asked_ = 0;      // architectures
};

}  // namespace

MOTE_STRATEGY(mote_nas) {
  registry.Add("mote-nas", "MOTE-NAS: a pool that grows by the neighbours of its best",
               {{.name = "iterations",
                 .default_value = std::int64_t(40),
                 .help = "generations; the published searches have 10 to 30",
                 .minimum = 1,
                 .maximum = 1000},
                {.name = "parents",
                 .default_value = 0.10,
                 .help = "share of the pool that has children, at least one architecture; "
                         "0.01 in the authors' code",
                 .minimum = 0,
                 .maximum = 1},
                {.name = "growth",
                 .default_value = std::int64_t(10),
                 .help = "what every ten iterations add to the batch of 10",
                 .minimum = 0,
                 .maximum = 1000},
                {.name = "radius",
                 .default_value = std::int64_t(2),
                 .help = "most decisions in which a child differs from its parent",
                 .minimum = 1,
                 .maximum = 100}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<MoteNas>(
                     MoteNasOptions{.iterations = int(options.Int("iterations")),
                                    .parents = options.Real("parents"),
                                    .growth = int(options.Int("growth")),
                                    .radius = int(options.Int("radius"))},
                     problem);
               });
}

}  // namespace mote
