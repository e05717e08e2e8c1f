// What tests of estimates without training have in common: one estimator, made by name, on small
// networks (probe/test_subject.h).
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mote/estimate/estimator.h"
#include "mote/probe/test_subject.h"

namespace mote {

using RegisterEstimator = void(EstimatorRegistry& registry);
using OptionTexts = std::map<std::string, std::string>;

inline std::unique_ptr<Estimator> MakeEstimator(RegisterEstimator* add, const std::string& name,
                                                const OptionTexts& options = {},
                                                std::optional<NetworkChoice> network = {}) {
  EstimatorRegistry registry("estimator");
  add(registry);
  const Preset preset;
  return registry.Create(name, options, Setting{.preset = preset, .network = network});
}

// Of the only probe that the estimator needs.
inline nlohmann::json OptionsOfProbe(const Estimator& estimator) {
  MOTE_CHECK(estimator.Needs().size() == 1);
  return estimator.Needs().front()->ToJson();
}

inline Outcome<double> ReadMade(const Estimator& estimator, ProbeResult::Series series) {
  const auto space = MakeNasBench201();
  const Architecture cell = space->Parse("312034");
  const ProbeResult result(std::move(series));
  const ProbeResult* results[] = {&result};
  return estimator.Read({*space, cell, Task{}}, results);
}

// On a network of two cells with four channels and 4x4 pixels.
inline Outcome<double> EstimateCell(RegisterEstimator* add, const std::string& name,
                                    const std::string& cell, const OptionTexts& options = {}) {
  const auto estimator = MakeEstimator(
      add, name, options, NetworkChoice{.name = "tiny", .skeleton = TinyRecipe().skeleton});
  const auto result = RunOnCell(*estimator->Needs().front(), cell);
  if (!result) return result.failure();
  return ReadMade(*estimator, result->series());
}

}  // namespace mote
