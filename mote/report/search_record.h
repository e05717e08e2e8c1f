// A search as its run folder tells it, finished or not: what `mote report`, `mote runs` and `mote
// status` say.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mote/report/section.h"

namespace mote {

// Where a search is, and what it was asked for.
struct SearchFolder {
  std::filesystem::path folder;
  Facts options;  // of config.toml: "strategy", "estimator", ..., in its order; lists by blanks
  std::string repeat;                                  // the command that repeats it
  std::vector<std::vector<std::string>> history = {};  // cells of history.csv; empty: there is none

  std::string Option(const std::string& name) const;  // "" if there is none
  std::vector<std::string> Estimators() const;        // what it goes by, the first one first

  // The store that the options name: in the folder by default, empty if the search keeps none.
  std::filesystem::path Store() const;
};

enum class RunState { kFinished, kRunning, kStopped };
std::string_view Name(RunState state);  // "finished", "running", "stopped"

struct RankedRow {
  std::string arch;
  double score = 0;    // in the estimator's own direction, mean over replicates
  int replicates = 0;  // behind it
  std::optional<double> judged = {};
};

struct SearchRecord {
  SearchFolder source;
  RunState state = RunState::kStopped;
  std::string stage;                        // "proposing", "replicating", "judging" or "done"
  Preference better = Preference::kHigher;  // of the score
  std::string score_name;                   // of the estimator, or what else the ranking is by
  std::vector<RankedRow> ranking;           // best first
  std::vector<HistoryEvent> history;
  std::vector<ReportFailure> failures;
  std::optional<double> stays_first;  // share of resamples in which the winner does
  std::vector<Facts> provenance;
  std::string data;    // in words, or as it was asked for if nothing has been measured
  std::string begun;   // UTC, when config.toml was written or the first network measured
  std::string last;    // UTC, when the last network was stored; empty: none was
  int networks = 0;    // measured: rows of the run's own store
  double seconds = 0;  // of one core, of those or of the history
};

// Throws Error(kCorrupt) for a result.json that is none, else what ReadStoreContent throws; a store
// that is not there, or not yet, is no error.
SearchRecord ReadSearch(const SearchFolder& source, const ReportContext& context);

}  // namespace mote
