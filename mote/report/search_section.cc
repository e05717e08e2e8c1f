#include "mote/report/search_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <unordered_map>

namespace mote {
namespace {

std::string Counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// What became of each architecture on the way, by row.
void AddHistoryColumns(const SearchRecord& record, CandidateTable& table) {
  struct Way {
    double order = 0;
    double seconds = kNoValue;
  };
  std::unordered_map<std::string, Way> ways;
  for (const HistoryEvent& event : record.history) {
    const auto [way, is_new] = ways.try_emplace(event.arch);
    if (is_new) way->second.order = double(ways.size());
    if (!event.seconds) continue;
    double& seconds = way->second.seconds;
    seconds = std::isnan(seconds) ? *event.seconds : seconds + *event.seconds;
  }
  ReportColumn order{.name = "order",
                     .label = "Proposed as",
                     .help = "place in the order of proposal",
                     .better = Preference::kNone,
                     .digits = 0,
                     .is_whole = true};
  ReportColumn seconds{.name = "seconds",
                       .label = "Core seconds",
                       .help = "what its measurements took on one core",
                       .better = Preference::kLower,
                       .digits = 3};
  bool any_seconds = false;
  for (const std::string& arch : table.archs) {
    const auto way = ways.find(arch);
    order.values.push_back(way == ways.end() ? kNoValue : way->second.order);
    seconds.values.push_back(way == ways.end() ? kNoValue : way->second.seconds);
    any_seconds = any_seconds || !std::isnan(seconds.values.back());
  }
  if (any_seconds) table.columns.push_back(std::move(seconds));
  if (!ways.empty()) table.columns.push_back(std::move(order));
}

CandidateTable TableOf(const SearchRecord& record, const SearchSpace* space) {
  CandidateTable table;
  ReportColumn score{.name = ScoreColumnName(record.score_name),
                     .label = record.score_name,
                     .help = std::string(Words(record.better)),
                     .better = record.better,
                     .is_score = true};
  ReportColumn judged{.name = "judged",
                      .label = "Judged accuracy",
                      .help = "higher is better",
                      .better = Preference::kHigher,
                      .is_score = true};
  ReportColumn replicates{.name = "replicates",
                          .label = "Replicates",
                          .help = "scores behind the mean",
                          .better = Preference::kNone,
                          .digits = 0,
                          .is_whole = true};
  bool any_judged = false;
  for (const RankedRow& row : record.ranking) {
    table.archs.push_back(row.arch);
    score.values.push_back(row.score);
    replicates.values.push_back(row.replicates);
    judged.values.push_back(row.judged.value_or(kNoValue));
    any_judged = any_judged || row.judged;
  }
  ChooseDigits(score);
  ChooseDigits(judged);
  table.columns.push_back(std::move(score));
  if (any_judged) table.columns.push_back(std::move(judged));
  AddDecisions(table, space);
  if (space != nullptr) {
    AddCosts(table, *space, TaskOfDescription(record.data).value_or(Task()));
  }
  table.columns.push_back(std::move(replicates));
  AddHistoryColumns(record, table);
  return table;
}

std::string Opening(const SearchRecord& record) {
  const auto option = [&](const char* name) { return record.source.Option(name); };
  std::string text = fmt::format(
      "Strategy {} searched the space {} on {}. It looked at {} by {} (preset {}) and ranked them "
      "by {}, of which {}.",
      option("strategy"), option("space"), record.data,
      Counted(record.ranking.size(), "architecture", "architectures"),
      option("by") == "accuracy" ? "accuracy"
                                 : fmt::format("{}", fmt::join(record.source.Estimators(), ", ")),
      option("preset"), record.score_name, Words(record.better));
  const std::string params = option("max-params"), macs = option("max-macs");
  if (!params.empty() && params != "0") {
    text += fmt::format(" No network has more than {} parameters.", params);
  }
  if (!macs.empty() && macs != "0") {
    text += fmt::format(" No network has more than {} multiply-adds.", macs);
  }
  return text;
}

std::string Winning(const SearchRecord& record, const CandidateTable& table) {
  const RankedRow& best = record.ranking.front();
  std::string text = record.state == RunState::kFinished ? "The winner" : "The best so far";
  const ReportColumn* params = table.Find("params");
  const ReportColumn* macs = table.Find("macs");
  if (params != nullptr && !std::isnan(params->values[0])) {
    const Task task = TaskOfDescription(record.data).value_or(Task());
    text += fmt::format(
        " has {} parameters and takes {} multiply-adds an image, as the benchmark's network for "
        "{}x{} images and {} classes. Its",
        Millions(params->values[0]), Millions(macs->values[0]), task.height, task.width,
        task.classes);
  } else {
    text += " has a";
  }
  text += fmt::format(" {} is {}", record.score_name, ShownValue(table.columns[0], best.score));
  if (best.replicates > 1) text += fmt::format(", the mean of {} replicates", best.replicates);
  if (best.judged && *best.judged != best.score) {
    text += fmt::format("; judged, its accuracy is {:.4g}", *best.judged);
  }
  text += ".";
  if (record.stays_first) {
    text += fmt::format(" When the replicates are drawn anew, it stays first in {:.0f} % of draws.",
                        100 * *record.stays_first);
  }
  return text;
}

// "2026-01-31 23:59:59 UTC" of "2026-01-31T23:59:59Z".
std::string ForPeople(std::string date) {
  if (date.size() != 20) return date;
  date[10] = ' ';
  date.pop_back();
  return date + " UTC";
}

std::string Spending(const SearchRecord& record) {
  if (record.networks == 0 && record.seconds == 0) return "";
  std::string text;
  if (record.networks > 0) {
    text = Counted(record.networks, "network was trained or passed through",
                   "networks were trained or passed through");
  } else {
    text = "All measurements";
  }
  text += fmt::format(", for {:.1f} core seconds in all", record.seconds);
  if (record.networks > 0) text += fmt::format(" ({:.3f} each)", record.seconds / record.networks);
  if (!record.last.empty()) {
    text += fmt::format(", from {} to {}", ForPeople(record.begun), ForPeople(record.last));
  }
  return text + ".";
}

std::string Ending(const SearchRecord& record) {
  switch (record.state) {
    case RunState::kFinished:
      return "";
    case RunState::kRunning:
      return fmt::format("The search is still running ({}).", record.stage);
    case RunState::kStopped:
      return fmt::format("The search was stopped while {}. Go on with: mote resume {}",
                         record.stage, record.source.folder.string());
  }
  return "";
}

}  // namespace

ReportSection SectionOf(const SearchRecord& record, const std::string& title,
                        const ReportContext& context) {
  ReportSection section;
  section.title = title;
  section.state = Name(record.state);
  section.space = record.source.Option("space");
  const auto space = SpaceOf(context, section.space);
  section.candidates = TableOf(record, space.get());
  section.summary.push_back(Opening(record));
  if (record.ranking.empty()) {
    section.summary.push_back("Nothing has a score yet.");
  } else {
    const CandidateTable& table = section.candidates;
    section.winner = record.ranking.front().arch;
    section.winner_cell = DrawnCell(space.get(), section.winner);
    section.summary.push_back(Winning(record, table));
    section.key_numbers.emplace_back(record.score_name,
                                     ShownValue(table.columns[0], record.ranking[0].score));
    if (record.ranking[0].judged && *record.ranking[0].judged != record.ranking[0].score) {
      section.key_numbers.emplace_back("judged accuracy",
                                       fmt::format("{:.4g}", *record.ranking[0].judged));
    }
    if (const ReportColumn* params = table.Find("params")) {
      section.key_numbers.emplace_back("parameters", Millions(params->values[0]));
      section.key_numbers.emplace_back("multiply-adds", Millions(table.Find("macs")->values[0]));
    }
    section.key_numbers.emplace_back("architectures scored", std::to_string(table.rows()));
    if (record.seconds > 0) {
      section.key_numbers.emplace_back("core seconds", fmt::format("{:.1f}", record.seconds));
    }
  }
  for (const std::string& sentence : {Spending(record), Ending(record)}) {
    if (!sentence.empty()) section.summary.push_back(sentence);
  }
  section.curves = CurvesOf(record.history, context.is_lower_better);
  section.failures = record.failures;
  section.configuration = record.source.options;
  section.provenance = record.provenance;
  section.repeat = record.source.repeat;
  return section;
}

}  // namespace mote
