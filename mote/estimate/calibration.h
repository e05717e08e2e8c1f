// The constants that join the two terms, measured on unlabelled scores.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "mote/estimate/preset.h"

namespace mote {

// Box-Cox by maximum likelihood, then zero mean and unit deviation over the candidates, per term.
// Needs at least three different positive values of each term (Error(kInvalidArgument)).
Calibration FitCalibration(std::span<const double> landscapes, std::span<const double> speeds,
                           std::string source);

// {"landscape": {"lambda": .., "shift": .., "weight": ..}, "speed": {..}, "source": ".."}
nlohmann::json ToJson(const Calibration& calibration);
// Throws Error(kCorrupt) naming `where` if a part is missing or no number.
Calibration CalibrationFromJson(const nlohmann::json& json, const std::string& where);

}  // namespace mote
