// What estimators read off a training probe.
#pragma once

#include <string_view>
#include <vector>

#include "mote/estimate/preset.h"
#include "mote/record/probe_result.h"

namespace mote {

// Stands for the losses of a network whose logits ignore the image, in presets that put such a
// network last: far above any loss a connected network has, yet finite.
inline constexpr double kUnlearnableLoss = 1000;

// The series `name` ("epoch_loss", "line_loss") of a training probe, in nats.
std::vector<double> Losses(const Preset& preset, const ProbeResult& result, std::string_view name);

}  // namespace mote
