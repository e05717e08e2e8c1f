#include "mote/report/page_data.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace mote {
namespace {

using nlohmann::ordered_json;

int Sign(Preference better) {
  switch (better) {
    case Preference::kNone:
      return 0;
    case Preference::kHigher:
      return 1;
    case Preference::kLower:
      return -1;
  }
  return 0;
}

// JSON has no infinities.
ordered_json Number(const ReportColumn& column, double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (column.is_whole) return std::int64_t(value);
  return value;
}

ordered_json Column(const ReportColumn& column) {
  ordered_json values = ordered_json::array();
  for (const double value : column.values) values.push_back(Number(column, value));
  return {{"name", column.name},
          {"label", column.label},
          {"help", column.help},
          {"better", Sign(column.better)},
          {"scale", column.scale},
          {"digits", column.digits},
          {"scientific", column.scientific},
          {"score", column.is_score},
          {"values", std::move(values)}};
}

ordered_json SpaceData(const SearchSpace* space) {
  if (space == nullptr) return nullptr;
  ordered_json choices = ordered_json::array();
  for (const Choice& choice : space->choices()) {
    choices.push_back(ordered_json::array({choice.name, choice.options}));
  }
  return {{"name", space->name()}, {"choices", std::move(choices)}};
}

}  // namespace

ordered_json PageData(const ReportSection& section, const ReportContext& context) {
  const auto space = SpaceOf(context, section.space);
  ordered_json data;
  data["title"] = section.title;
  data["space"] = SpaceData(space.get());
  data["archs"] = section.candidates.archs;
  data["decisions"] = section.candidates.decisions;
  data["columns"] = ordered_json::array();
  for (const ReportColumn& column : section.candidates.columns) {
    data["columns"].push_back(Column(column));
  }
  data["curves"] = ordered_json::array();
  for (const BestSoFar& curve : section.curves) {
    data["curves"].push_back({{"name", curve.name},
                              {"better", Sign(curve.better)},
                              {"seconds", curve.in_seconds},
                              {"archs", curve.archs},
                              {"x", curve.x},
                              {"value", curve.value},
                              {"best", curve.best},
                              {"count", curve.count}});
  }
  data["figures"] = ordered_json::array();
  for (const Figure& figure : section.figures) {
    data["figures"].push_back(
        {{"name", figure.name}, {"header", figure.header}, {"rows", figure.rows}});
  }
  return data;
}

}  // namespace mote
