#include "mote/run/experiment.h"

#include "mote/base/check.h"

namespace mote {

Experiment::Experiment(const Catalog& catalog, const SearchSettings& settings,
                       const StopToken& stop)
    : settings_(settings), stop_(stop) {
  if (settings.judging == Judging::kNone) settings_.finals.judged = 0;
  if (settings.judging != Judging::kNone && settings.finals.judged < 1) {
    Throw(ErrorCode::kInvalidArgument, "judging needs finalists: give -k 1 or more");
  }
  const Assignments assignments = ParseAssignments(catalog, settings.score.set);
  // The cheap checks come before the data is read.
  catalog.strategies.Find(settings.strategy);
  const auto space = catalog.spaces.Create(settings.score.space, {});
  if (!settings.table.empty()) {
    table_ = std::make_unique<Table>(Table::Load(settings.table, *space));
  }
  if (settings.judging == Judging::kTable) {
    if (!table_) {
      Throw(ErrorCode::kInvalidArgument, "--evaluate table needs a table: give --table FILE");
    }
    table_->Column(settings.judge_column);
  }
  session_ = std::make_unique<Session>(catalog, settings.score, stop);
  if (const AskedScore& asked = session_->asked().front(); asked.ranks) {
    Throw(ErrorCode::kInvalidArgument,
          "{} ranks architectures against each other, but a search needs a number of each one "
          "alone; search by one estimator, such as mote",
          asked.name);
  }
  if (settings.judging == Judging::kTrain) judge_.push_back(session_->Configure("val-accuracy"));

  const Dataset& dataset = session_->dataset();
  const Task task = TaskOf(dataset);
  const SearchProblem problem{
      .space = session_->space(),
      .feasible = MakeFeasible(session_->space(), settings.limits, task, table_.get()),
      .seed = settings.seed};
  const auto found = assignments.find(settings.strategy);
  auto proposals = catalog.strategies.Create(
      settings.strategy,
      found == assignments.end() ? std::map<std::string, std::string>() : found->second, problem);
  strategy_ = std::make_unique<Finals>(std::move(proposals), problem, settings_.finals);
}

std::vector<Outcome<double>> Experiment::Judge(const std::vector<Request>& requests,
                                               const ProgressCallback& progress) {
  std::vector<Outcome<double>> accuracies;
  if (settings_.judging == Judging::kTable) {
    const int column = table_->Column(settings_.judge_column);
    for (const Request& request : requests) {
      const auto row = table_->Row(request.architecture);
      const auto value = row ? table_->Value(*row, column) : std::nullopt;
      accuracies.push_back(
          value ? Outcome<double>(*value)
                : Failure{FailureKind::kMissing,
                          fmt::format("no {} in {}", settings_.judge_column, table_->name())});
    }
    return accuracies;
  }
  std::vector<Architecture> architectures;
  for (const Request& request : requests) architectures.push_back(request.architecture);
  return session_->Score(judge_, architectures, {.seed = settings_.score.score_seed}, progress)
      .front();
}

std::vector<Evaluation> Experiment::Evaluate(const std::vector<Request>& requests,
                                             const ProgressCallback& progress) {
  MOTE_CHECK(!requests.empty());
  // A generation is of one purpose: strategies score, and only the finals judge, at the end.
  const Purpose purpose = requests.front().purpose;
  for (const Request& request : requests) MOTE_CHECK(request.purpose == purpose);
  std::vector<Outcome<double>> utilities;
  if (purpose == Purpose::kJudge) {
    utilities = Judge(requests, progress);
  } else {
    std::vector<Job> jobs;
    for (const Request& request : requests)
      jobs.push_back({request.architecture, request.replicate});
    utilities = session_->evaluator()
                    .Estimate({&session_->estimators().front(), 1}, jobs,
                              settings_.score.score_seed, progress)
                    .front();
    const Direction direction = objective().estimator->info().direction;
    for (Outcome<double>& utility : utilities) {
      if (utility && direction == Direction::kLowerIsBetter) utility = -*utility;
    }
  }
  std::vector<Evaluation> evaluations;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    evaluations.push_back({requests[i], utilities[i]});
  }
  return evaluations;
}

SearchResult Experiment::Run(const std::function<void(const SearchStatus&)>& observe) {
  SearchStatus status;
  const auto report = [&] {
    status.stage = strategy_->stage();
    status.requests_expected = std::max(strategy_->ExpectedRequests(), status.requests_done);
    if (observe) observe(status);
  };
  SearchResult result;
  try {
    report();
    while (true) {
      const std::vector<Request> requests = strategy_->Ask();
      if (requests.empty()) break;
      const int done = status.requests_done;
      const auto evaluations = Evaluate(requests, [&](const EvaluationProgress& progress) {
        if (progress.probes_total > 0) {
          status.requests_done = done + int(std::int64_t(requests.size()) * progress.probes_done /
                                            progress.probes_total);
        }
        report();
      });
      strategy_->Tell(evaluations);
      status.requests_done = done + int(requests.size());
      if (const auto ranking = strategy_->Ranking(); !ranking.empty()) status.best = ranking[0];
      report();
    }
    result.finished = true;
  } catch (const Stopped&) {
    // What was told until now stands; the store holds what was measured since.
  }
  result.ranking = strategy_->Ranking();
  result.sureness = strategy_->WinnerSureness();
  result.architectures = int(result.ranking.size());
  result.probes_measured = session_->evaluator().probes_measured();
  result.probe_seconds = session_->evaluator().probe_seconds();
  return result;
}

}  // namespace mote
