#include "mote/estimate/calibration.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/base/stats.h"

namespace mote {
namespace {

TermTransform Fit(std::span<const double> terms) {
  const BoxCoxFit fit = FitBoxCox(terms);
  return {.lambda = fit.lambda, .shift = fit.mean, .weight = 1 / fit.sigma};
}

nlohmann::json TermToJson(const TermTransform& transform) {
  return {{"lambda", transform.lambda}, {"shift", transform.shift}, {"weight", transform.weight}};
}

double Number(const nlohmann::json& json, const char* term, const char* name,
              const std::string& where) {
  if (json.is_object() && json.contains(term) && json[term].is_object() &&
      json[term].contains(name) && json[term][name].is_number()) {
    const double value = json[term][name];
    if (std::isfinite(value)) return value;
  }
  Throw(ErrorCode::kCorrupt,
        "'{}' is no calibration: {}.{} is missing or no number; make one with "
        "`mote calibrate --out {}`",
        where, term, name, where);
}

}  // namespace

Calibration FitCalibration(std::span<const double> landscapes, std::span<const double> speeds,
                           std::string source) {
  return {.landscape = Fit(landscapes), .speed = Fit(speeds), .source = std::move(source)};
}

nlohmann::json ToJson(const Calibration& calibration) {
  return {{"landscape", TermToJson(calibration.landscape)},
          {"speed", TermToJson(calibration.speed)},
          {"source", calibration.source}};
}

Calibration CalibrationFromJson(const nlohmann::json& json, const std::string& where) {
  const auto term = [&](const char* name) -> TermTransform {
    return {.lambda = Number(json, name, "lambda", where),
            .shift = Number(json, name, "shift", where),
            .weight = Number(json, name, "weight", where)};
  };
  Calibration calibration{.landscape = term("landscape"), .speed = term("speed"), .source = where};
  if (json.contains("source") && json["source"].is_string()) calibration.source = json["source"];
  return calibration;
}

}  // namespace mote
