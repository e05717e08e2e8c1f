#include "mote/report/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "mote/base/error.h"

namespace mote {
namespace {

using nlohmann::json;

// "mote" of "mote@1".
std::string NameOf(const std::string& estimator) {
  return estimator.substr(0, estimator.find('@'));
}

std::string PresetOf(const std::string& options) {
  const json parsed = json::parse(options, nullptr, /*allow_exceptions=*/false);
  const json::json_pointer place("/options/preset/name");
  if (!parsed.is_object() || !parsed.contains(place)) return "";
  const json& name = parsed.at(place);
  return name.is_string() ? name.get<std::string>() : "";
}

std::string Representative(const SearchSpace* space, const std::string& text) {
  if (space == nullptr) return text;
  const auto architecture = TryParse(*space, text);
  return architecture ? space->Canonicalize(*architecture).text() : text;
}

HistoryEvent ReadEvent(const json& row) {
  HistoryEvent event;
  event.arch = row.at("arch").get<std::string>();
  event.is_judgement = row.at("purpose").get<std::string>() == "judge";
  event.estimator = row.value("estimator", std::string());
  event.replicate = row.value("replicate", 0);
  if (!row.at("value").is_null()) event.value = row.at("value").get<double>();
  if (!event.value) event.failure = row.value("failure", std::string("no value"));
  if (row.contains("core_seconds") && !row["core_seconds"].is_null()) {
    event.seconds = row["core_seconds"].get<double>();
  }
  return event;
}

}  // namespace

std::vector<HistoryEvent> ReadHistory(const json& history, const std::string& file) {
  std::vector<HistoryEvent> events;
  try {
    if (!history.is_array()) Throw(ErrorCode::kCorrupt, "its history is no list");
    for (const json& row : history) events.push_back(ReadEvent(row));
  } catch (const json::exception& error) {
    Throw(ErrorCode::kCorrupt, "'{}': row {} of its history is damaged ({})", file, events.size(),
          error.what());
  } catch (const Error& error) {
    Throw(ErrorCode::kCorrupt, "'{}': {}", file, error.what());
  }
  return events;
}

std::vector<HistoryEvent> ReadHistory(const std::vector<std::vector<std::string>>& rows,
                                      const std::string& file) {
  std::vector<HistoryEvent> events;
  if (rows.empty()) return events;
  const auto cell = [&rows](std::size_t row, std::string_view name) -> std::string {
    const auto& header = rows.front();
    const auto column = std::find(header.begin(), header.end(), name) - header.begin();
    return column < std::ssize(rows[row]) ? rows[row][std::size_t(column)] : "";
  };
  const auto number = [&](std::size_t row, std::string_view name) -> std::optional<double> {
    const std::string text = cell(row, name);
    if (text.empty()) return std::nullopt;
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
      Throw(ErrorCode::kCorrupt, "'{}': '{}' in row {} is no number", file, text, row);
    }
    return value;
  };
  for (std::size_t row = 1; row < rows.size(); ++row) {
    HistoryEvent event;
    event.arch = cell(row, "arch");
    event.is_judgement = cell(row, "purpose") == "judge";
    event.estimator = cell(row, "estimator");
    event.replicate = int(number(row, "replicate").value_or(0));
    event.value = number(row, "value");
    if (!event.value) event.failure = cell(row, "failure");
    event.seconds = number(row, "core_seconds");
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<HistoryEvent> HistoryOfStore(const StoreContent& content, const HistoryFilter& filter,
                                         const SearchSpace* space) {
  using Place = std::tuple<std::string, std::uint64_t, int>;  // class, seed, replicate
  std::map<Place, double> seconds;
  for (const WrittenProbe& probe : content.probes) {
    if (probe.date.empty()) continue;
    seconds[{probe.architecture, probe.seed, probe.replicate}] += probe.seconds;
  }
  std::vector<std::string> presets;
  for (const std::string& options : content.options) presets.push_back(PresetOf(options));
  // What the search called the estimator of a row; nothing if the row is of another run.
  const auto asked = [&](const WrittenEstimate& estimate) -> std::optional<std::string> {
    const std::string& preset = presets[std::size_t(estimate.options)];
    for (const std::string& name : filter.estimators) {
      if (NameOf(name) != NameOf(estimate.estimator)) continue;
      const std::string wanted =
          name.find('@') == std::string::npos ? filter.preset : name.substr(name.find('@') + 1);
      if (wanted.empty() || preset.empty() || preset == wanted) return name;
    }
    return std::nullopt;
  };
  std::vector<HistoryEvent> events;
  std::set<Place> counted;
  for (const WrittenEstimate& estimate : content.estimates) {
    const auto name = asked(estimate);
    if (!name || estimate.seed != filter.seed) continue;
    HistoryEvent event;
    event.arch = estimate.architecture;
    event.estimator = *name;
    event.replicate = estimate.replicate;
    if (estimate.value) {
      event.value = *estimate.value;
    } else {
      event.failure = fmt::format("{}: {}", Name(estimate.value.failure().kind),
                                  estimate.value.failure().message);
    }
    const Place place{Representative(space, estimate.architecture), estimate.seed,
                      estimate.replicate};
    const auto found = seconds.find(place);
    if (found != seconds.end()) event.seconds = counted.insert(place).second ? found->second : 0.0;
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<BestSoFar> CurvesOf(const std::vector<HistoryEvent>& history,
                                const IsLowerBetter& is_lower_better) {
  const bool in_seconds =
      std::any_of(history.begin(), history.end(),
                  [](const HistoryEvent& event) { return event.seconds.value_or(0) > 0; });
  std::vector<BestSoFar> curves;
  double spent = 0, count = 0;
  for (const HistoryEvent& event : history) {
    ++count;
    spent += in_seconds ? event.seconds.value_or(0) : 1;
    if (!event.value || event.is_supernet) continue;
    if (!event.is_judgement && event.replicate != 0) continue;
    const std::string name = event.is_judgement ? "judged accuracy" : event.estimator;
    auto curve = std::find_if(curves.begin(), curves.end(),
                              [&name](const BestSoFar& known) { return known.name == name; });
    if (curve == curves.end()) {
      const bool lower = !event.is_judgement && is_lower_better(event.estimator);
      curves.push_back({.name = name,
                        .better = lower ? Preference::kLower : Preference::kHigher,
                        .in_seconds = in_seconds,
                        .archs = {},
                        .x = {},
                        .value = {},
                        .best = {},
                        .count = {}});
      curve = curves.end() - 1;
    }
    const double best = curve->best.empty() ? *event.value
                        : curve->better == Preference::kLower
                            ? std::min(curve->best.back(), *event.value)
                            : std::max(curve->best.back(), *event.value);
    curve->archs.push_back(event.arch);
    curve->x.push_back(spent);
    curve->value.push_back(*event.value);
    curve->best.push_back(best);
    curve->count.push_back(count);
  }
  return curves;
}

}  // namespace mote
