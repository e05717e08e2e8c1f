#include "mote/report/store_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <unordered_map>

namespace mote {
namespace {

using nlohmann::json;

// One estimator with its options.
struct Asked {
  std::string estimator;  // without version
  std::string preset;     // "" if it has none
  std::string dataset;    // fingerprint
};

Asked AskedOf(const WrittenEstimate& estimate, const std::string& options) {
  Asked asked;
  asked.estimator = estimate.estimator.substr(0, estimate.estimator.find('@'));
  const json parsed = json::parse(options, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return asked;
  const json::json_pointer preset("/options/preset/name"), dataset("/dataset");
  if (parsed.contains(preset) && parsed.at(preset).is_string()) asked.preset = parsed.at(preset);
  if (parsed.contains(dataset) && parsed.at(dataset).is_string()) {
    asked.dataset = parsed.at(dataset);
  }
  return asked;
}

std::string MostFrequentSpace(const StoreContent& content) {
  std::map<std::string, int> count;
  for (const WrittenEstimate& estimate : content.estimates) ++count[estimate.space];
  const auto most = std::max_element(
      count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? "" : most->first;
}

// The data set's own words, or nothing where no probe of the store tells.
std::string Description(const StoreContent& content, const std::string& fingerprint) {
  for (const Provenance& provenance : content.provenances) {
    if (provenance.fingerprint == fingerprint) return provenance.dataset;
  }
  return "";
}

class Reading {
 public:
  Reading(const StoreContent& content, const std::string& space) : content_(content) {
    for (const WrittenEstimate& estimate : content.estimates) {
      if (estimate.space == space) Take(estimate);
    }
  }

  std::vector<ReportColumn> Columns(const IsLowerBetter& is_lower_better) const {
    std::map<std::string, int> uses;
    for (const Asked& asked : asked_) ++uses[asked.estimator];
    std::map<std::string, int> names;
    std::vector<ReportColumn> columns;
    for (std::size_t c = 0; c < asked_.size(); ++c) {
      const Asked& asked = asked_[c];
      std::string name = ScoreColumnName(asked.estimator);
      if (uses[asked.estimator] > 1 && !asked.preset.empty()) name += "@" + asked.preset;
      if (const int use = ++names[name]; use > 1) name += fmt::format("#{}", use);
      const bool lower = is_lower_better(asked.estimator);
      ReportColumn column{.name = name,
                          .label = name,
                          .help = lower ? "lower is better" : "higher is better",
                          .better = lower ? Preference::kLower : Preference::kHigher,
                          .is_score = true};
      if (!asked.preset.empty()) column.help += ", preset " + asked.preset;
      for (std::size_t row = 0; row < archs_.size(); ++row) {
        const auto sum = sums_[c].find(int(row));
        column.values.push_back(sum == sums_[c].end() ? kNoValue
                                                      : sum->second.total / sum->second.count);
      }
      ChooseDigits(column);
      columns.push_back(std::move(column));
    }
    return columns;
  }

  const std::vector<std::string>& archs() const { return archs_; }
  const std::vector<Asked>& asked() const { return asked_; }
  const std::vector<ReportFailure>& failures() const { return failures_; }

 private:
  struct Sum {
    double total = 0;
    int count = 0;
  };

  void Take(const WrittenEstimate& estimate) {
    const std::pair<std::string, int> kind(estimate.estimator, estimate.options);
    const auto [column, is_new_column] = column_of_.emplace(kind, int(asked_.size()));
    if (is_new_column) {
      asked_.push_back(AskedOf(estimate, content_.options[estimate.options]));
      sums_.emplace_back();
    }
    const auto [row, is_new_row] = row_of_.emplace(estimate.architecture, int(archs_.size()));
    if (is_new_row) archs_.push_back(estimate.architecture);
    if (!estimate.value) {
      const Failure& failure = estimate.value.failure();
      failures_.push_back(
          {estimate.architecture,
           fmt::format("{}, seed {}, replicate {}", asked_[column->second].estimator, estimate.seed,
                       estimate.replicate),
           fmt::format("{}: {}", Name(failure.kind), failure.message)});
      return;
    }
    Sum& sum = sums_[column->second][row->second];
    sum.total += *estimate.value;
    ++sum.count;
  }

  const StoreContent& content_;
  std::vector<std::string> archs_;
  std::vector<Asked> asked_;                        // by column
  std::vector<std::unordered_map<int, Sum>> sums_;  // by column, row
  std::map<std::pair<std::string, int>, int> column_of_;
  std::unordered_map<std::string, int> row_of_;
  std::vector<ReportFailure> failures_;
};

int CountValues(const ReportColumn& column) {
  return int(std::count_if(column.values.begin(), column.values.end(),
                           [](double value) { return !std::isnan(value); }));
}

// The estimator with most values comes first, and its best row; rows without a value come last.
void Order(CandidateTable& table) {
  if (table.columns.empty()) return;
  const auto fullest = std::max_element(
      table.columns.begin(), table.columns.end(),
      [](const ReportColumn& a, const ReportColumn& b) { return CountValues(a) < CountValues(b); });
  std::rotate(table.columns.begin(), fullest, fullest + 1);
  const ReportColumn& score = table.columns.front();
  std::vector<int> order(table.archs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&score](int a, int b) {
    const double x = score.values[a], y = score.values[b];
    if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
    return score.better == Preference::kLower ? x < y : x > y;
  });
  const auto reorder = [&order](auto& values) {
    auto old = values;
    for (std::size_t i = 0; i < order.size(); ++i) values[i] = std::move(old[order[i]]);
  };
  for (ReportColumn& column : table.columns) reorder(column.values);
  reorder(table.archs);
}

std::string OfWhat(const StoreContent& content, const std::vector<Asked>& asked) {
  std::set<std::string> data;
  for (const Asked& one : asked) {
    const std::string words = Description(content, one.dataset);
    if (!words.empty()) data.insert(words);
  }
  return data.empty() ? "" : fmt::format(" on {}", fmt::join(data, "; "));
}

}  // namespace

ReportSection SectionOf(const StoreContent& content, const std::string& title,
                        const ReportContext& context) {
  ReportSection section;
  section.title = title;
  section.space = MostFrequentSpace(content);
  const auto space = SpaceOf(context, section.space);
  const Reading reading(content, section.space);
  CandidateTable& table = section.candidates;
  table.archs = reading.archs();
  table.columns = reading.Columns(context.is_lower_better);
  Order(table);
  AddDecisions(table, space.get());

  double seconds = 0;
  for (const WrittenProbe& probe : content.probes) seconds += probe.seconds;
  if (table.archs.empty()) {
    section.summary.push_back("The store holds no estimate yet.");
  } else {
    std::vector<std::string> names;
    for (const ReportColumn& column : table.columns) names.push_back(column.name);
    section.summary.push_back(fmt::format(
        "The store holds estimates of {} architecture{} of the space {} by {}{}. Values are means "
        "over seeds and replicates.",
        table.rows(), table.rows() == 1 ? "" : "s", section.space, fmt::join(names, ", "),
        OfWhat(content, reading.asked())));
    const ReportColumn& score = table.columns.front();
    section.key_numbers.emplace_back("architectures", std::to_string(table.rows()));
    section.key_numbers.emplace_back("estimators", std::to_string(table.columns.size()));
    if (!std::isnan(score.values[0])) {
      section.winner = table.archs.front();
      section.winner_cell = DrawnCell(space.get(), section.winner);
      section.key_numbers.emplace_back("best " + score.label, ShownValue(score, score.values[0]));
      section.summary.push_back(fmt::format("The best by {} ({}) has {}.", score.label, score.help,
                                            ShownValue(score, score.values[0])));
    }
    // Of several data sets, the first one's.
    const std::string data = Description(content, reading.asked().front().dataset);
    if (space) AddCosts(table, *space, TaskOfDescription(data).value_or(Task()));
  }
  if (!content.probes.empty()) {
    section.summary.push_back(
        fmt::format("{} network{} trained or passed through for them took {:.1f} core seconds.",
                    content.probes.size(), content.probes.size() == 1 ? "" : "s", seconds));
    section.key_numbers.emplace_back("core seconds", fmt::format("{:.1f}", seconds));
  }
  section.failures = reading.failures();
  section.provenance = ProvenanceFacts(content);
  return section;
}

}  // namespace mote
