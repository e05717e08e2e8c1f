// A search from its settings to its winner: the only place that wires everything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
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
  ScoreSettings score;  // its estimators: the first is searched by; some strategies use several
  std::string strategy = "mote-nas";
  std::uint64_t seed = 0;  // keys the proposals
  Judging judging = Judging::kNone;
  // What the strategy goes by. Judgements: every evaluation is a true one, and there are no finals.
  Purpose purpose = Purpose::kScore;
  FinalsOptions finals;
  std::vector<std::filesystem::path> tables;  // joined; empty: none
  std::string judge_column;                   // for Judging::kTable
  Limits limits;
};

// What an observer of a running search sees.
struct SearchStatus {
  std::string stage;
  int requests_done = 0;
  int requests_expected = 0;
  std::optional<Ranked> best;
};

// One evaluation of a search, as it went.
struct SearchStep {
  Request request;
  Outcome<double> value;  // in the estimator's own direction; of a judgement, the accuracy
  // Core seconds that it cost when it was measured, in this run or before; 0 if an equal network
  // was asked the same earlier in this search, and for look-ups.
  double seconds = 0;
};

// Who led a search after so many steps.
struct SearchLead {
  int steps = 0;
  std::string stage;
  Architecture architecture;
};

struct SearchResult {
  bool finished = false;  // false: stopped on request
  std::vector<Ranked> ranking;
  std::optional<Sureness> sureness;
  int architectures = 0;     // with a score
  int probes_measured = 0;   // in this process
  double probe_seconds = 0;  // core seconds of those
  std::vector<SearchStep> steps;
  std::vector<SearchLead> leads;  // after each generation
};

class Experiment {
 public:
  // Throws Error before anything long begins if a setting, file or limit cannot be meant.
  // Tables, data and store are taken from `holdings`, which other experiments may share.
  Experiment(const Catalog& catalog, const SearchSettings& settings, const StopToken& stop,
             std::shared_ptr<Holdings> holdings = std::make_shared<Holdings>());

  // Runs to the end or until stopped. Deterministic: what the store holds already only saves time.
  SearchResult Run(const std::function<void(const SearchStatus&)>& observe = {});

  Session& session() { return *session_; }
  const Table* table() const { return table_.get(); }
  int expected_requests() const { return strategy_->ExpectedRequests(); }
  // The estimator that is searched by: the first.
  const ConfiguredEstimator& objective() const { return session_->estimators().front(); }
  // All it may ask for, by Request::estimator.
  const std::vector<ConfiguredEstimator>& estimators() const { return session_->estimators(); }
  bool goes_by_accuracy() const { return settings_.purpose == Purpose::kJudge; }
  // What Ranked::utility is called, and its direction before it was turned: that of the objective,
  // unless the strategy goes by accuracy or makes a number of its own.
  std::string utility_name() const;
  Direction utility_direction() const;

 private:
  // The steps of a generation, in the order asked.
  std::vector<SearchStep> Evaluate(const std::vector<Request>& requests,
                                   const ProgressCallback& progress);
  // The steps at `places`, all by one estimator.
  void Score(std::vector<SearchStep>& steps, std::span<const int> places,
             const ConfiguredEstimator& estimator, const ProgressCallback& progress);
  void Judge(std::vector<SearchStep>& steps, std::span<const int> places,
             const ProgressCallback& progress);
  Evaluation Told(const SearchStep& step) const;

  SearchSettings settings_;
  const StopToken& stop_;
  std::unique_ptr<Session> session_;
  std::shared_ptr<const Table> table_;
  std::vector<ConfiguredEstimator> judge_;
  std::unique_ptr<Finals> strategy_;
  // Whose cost has been counted: class, estimator (-1: the judge), replicate.
  std::set<std::tuple<Hash128, int, int>> paid_;
};

}  // namespace mote
