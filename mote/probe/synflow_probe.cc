#include "mote/probe/synflow_probe.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/reading/synflow.h"

namespace mote {

SynflowProbe::SynflowProbe(InitialRecipe recipe, NormMode norm)
    : InitialProbe(std::move(recipe)), norm_(norm) {
  MOTE_CHECK(norm == NormMode::kIdentity || norm == NormMode::kBatch);
}

nlohmann::json SynflowProbe::OwnOptions() const {
  return {{"norm", norm_ == NormMode::kIdentity ? "identity" : "batch"}};
}

Outcome<ProbeResult> SynflowProbe::Measure(InitialNetwork& subject) const {
  std::vector<double> magnitudes = subject.parameters;
  for (double& value : magnitudes) value = std::abs(value);
  Tape& tape = subject.tape;
  tape.SetParameters(magnitudes);
  subject.Forward(0, norm_);
  const int images = subject.batches.front().count();
  const std::vector<double> ones(std::size_t(images) * subject.network.classes(), 1.0);
  tape.Backward(subject.logits(), ones);
  const auto slopes = tape.ParameterSlopes();
  std::vector<WeightLayer> layers;
  for (int tensor : WeightTensors(subject.network)) {
    const Parameter& parameter = subject.network.parameters()[tensor];
    layers.push_back(
        {.weights = PartOf(magnitudes, parameter), .gradient = PartOf(slopes, parameter)});
  }
  const Outcome<double> flow = LogSynFlow(layers);
  if (!flow) return flow.failure();
  ProbeResult result;
  result.Set("log_flow", {*flow});
  return result;
}

}  // namespace mote
