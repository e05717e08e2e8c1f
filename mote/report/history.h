// What a search tried, in order, and how good the best of it was at each time.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mote/report/candidates.h"
#include "mote/report/report_store.h"

namespace mote {

struct HistoryEvent {
  std::string arch;
  bool is_supernet = false;   // of the space's supernet: no candidate, but it took its time
  bool is_judgement = false;  // an accuracy; else a score
  std::string estimator;      // without version
  int replicate = 0;
  std::optional<double> value;    // none: it failed
  std::string failure = {};       // why
  std::optional<double> seconds;  // of one core; none: not known
};

// The member "history" of result.json: [{"arch", "purpose": "score" or "judge", "estimator",
// "replicate", "value", "core_seconds", "failure"}]; value is null with a failure, core_seconds and
// failure may be missing. Throws Error(kCorrupt) naming `file` if it is anything else.
std::vector<HistoryEvent> ReadHistory(const nlohmann::json& history, const std::string& file);
// The same from the cells of history.csv: the first row names the columns, which are the members
// above in any order; an empty cell is none. Others are left alone.
std::vector<HistoryEvent> ReadHistory(const std::vector<std::vector<std::string>>& rows,
                                      const std::string& file);

// Which estimates of a store belong to a search.
struct HistoryFilter {
  std::vector<std::string> estimators;  // as asked: "mote", or with a preset of its own "mote@wide"
  std::string preset;                   // of those that name none; empty: any
  std::uint64_t seed = 0;
};

// The history of a search that has written none, from its store, in the order of writing. The
// seconds are those of the probes of the same class (`space` may be null: of the same text), seed
// and replicate, counted once.
std::vector<HistoryEvent> HistoryOfStore(const StoreContent& content, const HistoryFilter& filter,
                                         const SearchSpace* space);

// The values of one estimator, replicate 0, and the best so far, against what all events until then
// took.
struct BestSoFar {
  std::string name;  // of the estimator, or "judged accuracy"
  Preference better = Preference::kHigher;
  bool in_seconds = false;  // x is in core seconds; else a count of evaluations
  std::vector<std::string> archs;
  std::vector<double> x, value, best;
  std::vector<double> count = {};  // evaluations until then, failed ones too
};

using IsLowerBetter = std::function<bool(const std::string& estimator)>;

// One curve per estimator and one of judgements, in the order of their first event; failed ones
// and supernets only take time. x is in seconds if any are known.
std::vector<BestSoFar> CurvesOf(const std::vector<HistoryEvent>& history,
                                const IsLowerBetter& is_lower_better);

}  // namespace mote
