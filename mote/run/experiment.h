// A search from its settings to its winner: the only place that wires everything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mote/run/limits.h"
#include "mote/run/session.h"
#include "mote/run/table.h"
#include "mote/search/finals.h"

namespace mote {

// How the best k by score are judged.
enum class Judging {
  kNone,   // evaluation-free
  kTrain,  // trained on the training split, judged on a validation split (estimator val-accuracy)
  kTable,  // looked up
};

struct SearchSettings {
  ScoreSettings score;
  std::string strategy = "mote-nas";
  std::uint64_t seed = 0;  // keys the proposals
  Judging judging = Judging::kNone;
  FinalsOptions finals;
  std::filesystem::path table;  // empty: none
  std::string judge_column;     // for Judging::kTable
  Limits limits;
};

// What an observer of a running search sees.
struct SearchStatus {
  std::string stage;
  int requests_done = 0;
  int requests_expected = 0;
  std::optional<Ranked> best;
};

struct SearchResult {
  bool finished = false;  // false: stopped on request
  std::vector<Ranked> ranking;
  std::optional<Sureness> sureness;
  int architectures = 0;     // with a score
  int probes_measured = 0;   // in this process
  double probe_seconds = 0;  // core seconds of those
};

class Experiment {
 public:
  // Throws Error before anything long begins if a setting, file or limit cannot be meant.
  Experiment(const Catalog& catalog, const SearchSettings& settings, const StopToken& stop);

  // Runs to the end or until stopped. Deterministic: what the store holds already only saves time.
  SearchResult Run(const std::function<void(const SearchStatus&)>& observe = {});

  Session& session() { return *session_; }
  const Table* table() const { return table_.get(); }
  int expected_requests() const { return strategy_->ExpectedRequests(); }
  // The estimator that is searched by, and whether its higher values are better.
  const ConfiguredEstimator& objective() const { return session_->estimators().front(); }

 private:
  std::vector<Evaluation> Evaluate(const std::vector<Request>& requests,
                                   const ProgressCallback& progress);
  std::vector<Outcome<double>> Judge(const std::vector<Request>& requests,
                                     const ProgressCallback& progress);

  SearchSettings settings_;
  const StopToken& stop_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Table> table_;
  std::vector<ConfiguredEstimator> judge_;
  std::unique_ptr<Finals> strategy_;
};

}  // namespace mote
