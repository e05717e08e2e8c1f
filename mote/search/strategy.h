// A search strategy: proposes architectures, is told what they are worth.
//
// It never evaluates, threads or reads a clock. Everything it does is a function of its options,
// its key and what it was told, so a run is resumed by asking and telling again from the start.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mote/base/registry.h"
#include "mote/base/rng.h"
#include "mote/record/request.h"
#include "mote/space/operators.h"

namespace mote {

class Population;

// What a strategy searches.
struct SearchProblem {
  const SearchSpace& space;
  Feasible feasible;   // connected, within the limits, in the table if there is one
  std::uint64_t seed;  // keys the stream "propose"
  // The feasible part of the space, where many searches share it; else each strategy finds its own.
  std::shared_ptr<const Population> population = {};
  // What strategies go by that need not care whether they are told estimates or accuracies.
  Purpose purpose = Purpose::kScore;
  // How many estimators the search was given, cheapest first where a strategy has use for several.
  int estimators = 1;
};

// A finalist, best first.
struct Ranked {
  Architecture architecture;
  double utility = 0;                 // mean over replicates, or as utility_name() says
  int replicates = 0;                 // scores behind it
  std::optional<double> judged = {};  // accuracy, where judged
};

class SearchStrategy {
 public:
  virtual ~SearchStrategy() = default;

  // The next generation, empty when the search is over. Never proposes a request twice.
  virtual std::vector<Request> Ask() = 0;

  // The outcomes of the last generation, in the order asked.
  virtual void Tell(const std::vector<Evaluation>& evaluations) = 0;

  // All architectures with a score so far, best first; ties in the order of proposal. A strategy
  // that asks for supernets (SearchSpace::supernet) ranks architectures of the space itself, by
  // what it made of the answers.
  virtual std::vector<Ranked> Ranking() const = 0;

  // Generations in all, as far as known, for progress bars and forecasts.
  virtual int ExpectedGenerations() const = 0;
  // Requests in all, roughly.
  virtual int ExpectedRequests() const = 0;

  // What Ranked::utility is; empty: the value of the first estimator, or the accuracy, that the
  // strategy goes by.
  virtual std::string utility_name() const { return {}; }
  // What it is doing, in a word.
  virtual std::string stage() const { return "proposing"; }
};

using StrategyRegistry = Registry<SearchStrategy, const SearchProblem&>;
#define MOTE_STRATEGY(name) void RegisterStrategy_##name(::mote::StrategyRegistry& registry)

}  // namespace mote
