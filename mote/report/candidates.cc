#include "mote/report/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <unordered_map>

#include "mote/base/error.h"
#include "mote/graph/cost.h"

namespace mote {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

std::optional<Architecture> TryParse(const SearchSpace& space, const std::string& text) {
  try {
    return space.Parse(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

const ReportColumn* CandidateTable::Find(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(),
                   [name](const ReportColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

const ReportColumn* CandidateTable::Score() const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [](const ReportColumn& column) { return column.is_score; });
  return found == columns.end() ? nullptr : &*found;
}

std::string ScoreColumnName(const std::string& estimator) {
  constexpr std::string_view kTaken[] = {"arch",   "params",  "macs", "replicates",
                                         "judged", "seconds", "order"};
  std::string name = estimator.empty() ? "score" : estimator;
  std::replace(name.begin(), name.end(), ' ', '-');
  const bool is_taken = std::find(std::begin(kTaken), std::end(kTaken), name) != std::end(kTaken);
  return is_taken ? name + "-score" : name;
}

void AddDecisions(CandidateTable& table, const SearchSpace* space) {
  table.decisions.assign(table.archs.size(), "");
  if (space == nullptr) return;
  for (std::size_t row = 0; row < table.archs.size(); ++row) {
    const auto architecture = TryParse(*space, table.archs[row]);
    if (!architecture) continue;
    std::string digits;
    for (const int decision : architecture->decisions()) {
      if (decision >= int(kDigits.size())) {
        digits.clear();
        break;
      }
      digits += kDigits[std::size_t(decision)];
    }
    table.decisions[row] = digits;
  }
}

void AddCosts(CandidateTable& table, const SearchSpace& space, const Task& task) {
  const std::string what = fmt::format("of the benchmark's network for {}x{} images and {} classes",
                                       task.height, task.width, task.classes);
  ReportColumn params{.name = "params",
                      .label = "Parameters, M",
                      .help = "trainable numbers " + what,
                      .better = Preference::kLower,
                      .scale = 1e-6,
                      .digits = 3,
                      .is_whole = true};
  ReportColumn macs{.name = "macs",
                    .label = "MACs, M",
                    .help = "multiply-adds of one image " + what,
                    .better = Preference::kLower,
                    .scale = 1e-6,
                    .digits = 1,
                    .is_whole = true};
  std::unordered_map<Hash128, Cost> known;  // by class
  for (const std::string& text : table.archs) {
    const auto architecture = TryParse(space, text);
    double row_params = kNoValue, row_macs = row_params;
    if (architecture) {
      const Architecture representative = space.Canonicalize(*architecture);
      const auto [cost, is_new] = known.try_emplace(representative.id());
      if (is_new) {
        cost->second = CountCost(space.Build(representative, BenchmarkSkeleton(), task));
      }
      row_params = double(cost->second.params);
      row_macs = double(cost->second.macs);
    }
    params.values.push_back(row_params);
    macs.values.push_back(row_macs);
  }
  table.columns.push_back(std::move(params));
  table.columns.push_back(std::move(macs));
}

void ChooseDigits(ReportColumn& column) {
  double largest = 0;
  for (const double value : column.values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  column.scientific = largest >= 1e7 || (largest > 0 && largest < 1e-3);
  column.digits = largest >= 1000 && !column.scientific ? 2 : 4;
  if (column.is_whole) column.digits = 0;
}

std::string ShownValue(const ReportColumn& column, double value) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value > 0 ? "\u221e" : "\u2212\u221e";
  const double shown = value * column.scale;
  return column.scientific ? fmt::format("{:.{}e}", shown, column.digits)
                           : fmt::format("{:.{}f}", shown, column.digits);
}

std::string Millions(double value) {
  return fmt::format("{:.{}f} M", 1e-6 * value, value < 10e6 ? 3 : 1);
}

std::optional<Task> TaskOfDescription(std::string_view description) {
  static const std::regex form(".*, ([0-9]{1,7}) classes, ([0-9]{1,5})x([0-9]{1,5})$");
  std::cmatch match;
  if (!std::regex_match(description.begin(), description.end(), match, form)) return std::nullopt;
  return Task{.height = std::stoi(match[2]),
              .width = std::stoi(match[3]),
              .channels = 3,
              .classes = std::stoi(match[1])};
}

}  // namespace mote
