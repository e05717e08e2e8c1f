// An estimator: a pure reading of probe results, a number per architecture.
//
// One .cc file per estimator, without a header; see CONTRIBUTING.md for an example.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/outcome.h"
#include "mote/base/registry.h"
#include "mote/estimate/setting.h"
#include "mote/probe/probe.h"

namespace mote {

enum class Direction { kHigherIsBetter, kLowerIsBetter };

// "higher is better" or "lower is better", in words as in files.
constexpr std::string_view Name(Direction direction) {
  return direction == Direction::kHigherIsBetter ? "higher is better" : "lower is better";
}

// Whether a value costs anything beyond looking at the architecture.
enum class CostClass {
  kFree,
  kPasses,  // a few passes through an untrained network
  kTraining,
};

struct EstimatorInfo {
  std::string name;
  int version = 1;
  std::string unit;  // "1", "nat", "1/nat", "s"
  Direction direction = Direction::kHigherIsBetter;
  CostClass cost = CostClass::kFree;
  std::string citation;
};

// What is being estimated: one architecture, and the task whose full network counters count.
struct Subject {
  const SearchSpace& space;
  const Architecture& architecture;
  Task target;
};

// const and re-entrant.
class Estimator {
 public:
  virtual ~Estimator() = default;

  virtual EstimatorInfo info() const = 0;

  // The probes whose results Read wants, in order; none for counters.
  virtual std::vector<std::shared_ptr<const Probe>> Needs() const { return {}; }

  // `results` are those of Needs(). A failed probe never gets here: its failure is the estimate's.
  virtual Outcome<double> Read(const Subject& subject,
                               std::span<const ProbeResult* const> results) const = 0;
};

// Estimators that train take their recipe from the preset, and so share it; those that do not,
// their network from the setting.
using EstimatorRegistry = Registry<Estimator, const Setting&>;
#define MOTE_ESTIMATOR(name) void RegisterEstimator_##name(::mote::EstimatorRegistry& registry)

}  // namespace mote
