#include "mote/report/search_record.h"

#include <fmt/chrono.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unordered_map>

#include "mote/base/error.h"
#include "mote/base/file.h"

namespace mote {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json ReadResult(const fs::path& file) {
  json result = json::parse(ReadFile(file), nullptr, /*allow_exceptions=*/false);
  const bool is_result = result.is_object() && result.contains("ranking") &&
                         result["ranking"].is_array() && result.contains("estimator") &&
                         result["estimator"].is_object();
  if (!is_result) {
    Throw(ErrorCode::kCorrupt, "'{}' is not the result of a search; restore it or remove it",
          file.string());
  }
  return result;
}

// When the file was last changed, UTC, as the store writes dates.
std::string DateOf(const fs::path& file) {
  struct stat status;
  if (::stat(file.c_str(), &status) != 0) return "";
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(status.st_mtime));
}

std::uint64_t ToSeed(const std::string& text) {
  std::uint64_t seed = 0;
  std::from_chars(text.data(), text.data() + text.size(), seed);
  return seed;
}

bool Precedes(double a, double b, Preference better) {
  return better == Preference::kLower ? a < b : a > b;
}

// Texts of the two spaces are alike; what is one of the space itself is taken for that.
void TellSupernets(const SearchSpace* space, std::vector<HistoryEvent>& history) {
  if (space == nullptr || space->supernet() == nullptr) return;
  for (HistoryEvent& event : history) {
    event.is_supernet = !TryParse(*space, event.arch) && TryParse(*space->supernet(), event.arch);
  }
}

// The mean of every architecture's scores, best first; ties in the order of proposal.
std::vector<RankedRow> RankingOf(const std::vector<HistoryEvent>& history,
                                 const std::string& estimator, Preference better) {
  std::vector<RankedRow> rows;
  std::unordered_map<std::string, std::size_t> row_of;
  const bool has_scores = std::any_of(
      history.begin(), history.end(),
      [](const HistoryEvent& event) { return !event.is_judgement && event.value.has_value(); });
  for (const HistoryEvent& event : history) {
    if (!event.value || event.is_supernet) continue;
    const bool counts =
        has_scores ? !event.is_judgement && event.estimator == estimator : event.is_judgement;
    if (counts) {
      const auto [found, is_new] = row_of.emplace(event.arch, rows.size());
      if (is_new) rows.push_back({.arch = event.arch});
      RankedRow& row = rows[found->second];
      row.score += *event.value;
      ++row.replicates;
    } else if (event.is_judgement && row_of.contains(event.arch)) {
      rows[row_of[event.arch]].judged = event.value;
    }
  }
  for (RankedRow& row : rows) row.score /= row.replicates;
  std::stable_sort(rows.begin(), rows.end(), [better](const RankedRow& a, const RankedRow& b) {
    return Precedes(a.score, b.score, better);
  });
  return rows;
}

void TakeResult(const json& result, const fs::path& file, SearchRecord& record) {
  try {
    const json& estimator =
        result.contains("ranked_by") ? result["ranked_by"] : result.at("estimator");
    const std::string direction = estimator.value("direction", "");
    if (direction == Words(Preference::kLower)) record.better = Preference::kLower;
    if (direction == Words(Preference::kHigher)) record.better = Preference::kHigher;
    record.score_name = estimator.value("name", record.score_name);
    for (const json& row : result.at("ranking")) {
      RankedRow ranked;
      ranked.arch = row.at("arch").get<std::string>();
      ranked.score = row.at("score").is_null() ? 0 : row.at("score").get<double>();
      ranked.replicates = row.value("replicates", 1);
      if (row.contains("judged_accuracy") && row["judged_accuracy"].is_number()) {
        ranked.judged = row["judged_accuracy"].get<double>();
      }
      record.ranking.push_back(std::move(ranked));
    }
    if (result.contains("winner_stays_first")) {
      record.stays_first = result["winner_stays_first"].get<double>();
    }
    if (result.contains("provenance")) {
      const json& p = result["provenance"];
      const auto text = [&p](const char* name) { return p.value(name, std::string()); };
      record.data = text("dataset");
      record.provenance.push_back(
          FactsOf({text("version"), text("commit"), text("compiler"), text("backend"),
                   text("device"), text("isa"), text("dataset"), text("fingerprint")}));
    }
  } catch (const json::exception& error) {
    Throw(ErrorCode::kCorrupt, "'{}' is not the result of a search ({}); restore it or remove it",
          file.string(), error.what());
  }
}

std::string StageOf(const SearchRecord& record, const StoreContent& content) {
  if (record.state == RunState::kFinished) return "done";
  const bool trains = record.source.Option("evaluate") == "train";
  for (const WrittenEstimate& estimate : content.estimates) {
    if (trains && estimate.estimator.starts_with("val-accuracy@")) return "judging";
  }
  for (const HistoryEvent& event : record.history) {
    if (event.replicate > 0 && !event.is_supernet) return "replicating";
  }
  return "proposing";
}

void TakeTimes(const StoreContent& content, bool is_own_store, SearchRecord& record) {
  record.begun = DateOf(record.source.folder / "config.toml");
  for (const HistoryEvent& event : record.history) record.seconds += event.seconds.value_or(0);
  if (!is_own_store) return;
  record.networks = int(content.probes.size());
  double measured = 0;
  for (const WrittenProbe& probe : content.probes) {
    measured += probe.seconds;
    if (probe.date.empty()) continue;
    if (record.begun.empty() || probe.date < record.begun) record.begun = probe.date;
    record.last = std::max(record.last, probe.date);
  }
  if (record.seconds == 0) record.seconds = measured;
}

}  // namespace

std::string SearchFolder::Option(const std::string& name) const {
  for (const auto& [option, value] : options) {
    if (option == name) return value;
  }
  return "";
}

std::vector<std::string> SearchFolder::Estimators() const {
  std::vector<std::string> names;
  std::istringstream words(Option("estimator"));
  for (std::string name; words >> name;) names.push_back(name);
  return names;
}

fs::path SearchFolder::Store() const {
  const std::string named = Option("store");
  if (named == "none") return {};
  return named.empty() ? folder / "store.sqlite" : fs::path(named);
}

std::string_view Name(RunState state) {
  switch (state) {
    case RunState::kFinished:
      return "finished";
    case RunState::kRunning:
      return "running";
    case RunState::kStopped:
      return "stopped";
  }
  return "";
}

SearchRecord ReadSearch(const SearchFolder& source, const ReportContext& context) {
  SearchRecord record;
  record.source = source;
  const std::vector<std::string> estimators = source.Estimators();
  const std::string estimator = estimators.empty() ? "" : estimators.front();
  record.score_name = estimator;
  record.data = source.Option("data");
  if (context.is_lower_better(record.score_name)) record.better = Preference::kLower;

  const fs::path store = source.Store();
  const bool is_own_store = store.parent_path() == source.folder;
  // The state is asked for first: a run that ends meanwhile has its last rows in the store by then.
  const fs::path result_file = source.folder / "result.json";
  const bool is_running = !store.empty() && IsStoreInUse(store);
  const bool has_result = fs::exists(result_file);
  record.state = has_result   ? RunState::kFinished
                 : is_running ? RunState::kRunning
                              : RunState::kStopped;
  StoreContent content;
  try {
    if (!store.empty()) content = ReadStoreContent(store);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
  }

  // Without a result a history is one of an earlier end, if it is there at all.
  bool has_history = false;
  if (has_result) {
    const json result = ReadResult(result_file);
    TakeResult(result, result_file, record);
    has_history = !source.history.empty() || result.contains("history");
    if (!source.history.empty()) {
      record.history = ReadHistory(source.history, (source.folder / "history.csv").string());
    } else if (has_history) {
      record.history = ReadHistory(result["history"], result_file.string());
    }
  }
  const auto space = SpaceOf(context, source.Option("space"));
  if (!has_history) {
    record.history = HistoryOfStore(content,
                                    {.estimators = estimators,
                                     .preset = source.Option("preset"),
                                     .seed = ToSeed(source.Option("score-seed"))},
                                    space.get());
  }
  TellSupernets(space.get(), record.history);
  if (!has_result) {
    record.ranking = RankingOf(record.history, estimator, record.better);
  }
  for (const HistoryEvent& event : record.history) {
    if (event.value) continue;
    const std::string what =
        event.is_judgement     ? "judging"
        : event.replicate == 0 ? event.estimator
                               : fmt::format("{}, replicate {}", event.estimator, event.replicate);
    record.failures.push_back({event.arch, what, event.failure});
  }
  const std::vector<Facts> measured = ProvenanceFacts(content);
  if (is_own_store && !measured.empty()) record.provenance = measured;
  if (!content.provenances.empty() && record.data == source.Option("data") && is_own_store) {
    record.data = content.provenances.front().dataset;
  }
  record.stage = StageOf(record, content);
  TakeTimes(content, is_own_store, record);
  return record;
}

}  // namespace mote
