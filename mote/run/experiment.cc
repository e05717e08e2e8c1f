#include "mote/run/experiment.h"

#include <algorithm>
#include <map>

#include "mote/base/check.h"

namespace mote {

Experiment::Experiment(const Catalog& catalog, const SearchSettings& settings,
                       const StopToken& stop, std::shared_ptr<Holdings> holdings)
    : settings_(settings), stop_(stop) {
  if (settings.purpose == Purpose::kJudge) {
    if (settings.judging == Judging::kNone) {
      Throw(ErrorCode::kInvalidArgument,
            "a search by accuracy must be told how to judge: give --evaluate train or table");
    }
    settings_.finals = {.finalists = 0, .replicates = 1, .judged = 0};
  } else if (settings.judging == Judging::kNone) {
    settings_.finals.judged = 0;
  } else if (settings.finals.judged < 1) {
    Throw(ErrorCode::kInvalidArgument, "judging needs finalists: give -k 1 or more");
  }
  const Assignments assignments = ParseAssignments(catalog, settings.score.set);
  // The cheap checks come before the data is read.
  catalog.strategies.Find(settings.strategy);
  const auto space = catalog.spaces.Create(settings.score.space, {});
  if (!settings.tables.empty()) {
    table_ = holdings->Joined(settings.tables, *space);
  }
  if (settings.judging == Judging::kTable) {
    if (!table_) {
      Throw(ErrorCode::kInvalidArgument, "--evaluate table needs a table: give --table FILE");
    }
    table_->Column(settings.judge_column);
  }
  session_ = std::make_unique<Session>(catalog, settings.score, stop, std::move(holdings));
  for (const AskedScore& asked : session_->asked()) {
    if (!asked.ranks) continue;
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
      .seed = settings.seed,
      .purpose = settings.purpose,
      .estimators = int(session_->estimators().size())};
  const auto found = assignments.find(settings.strategy);
  auto proposals = catalog.strategies.Create(
      settings.strategy,
      found == assignments.end() ? std::map<std::string, std::string>() : found->second, problem);
  strategy_ = std::make_unique<Finals>(std::move(proposals), problem, settings_.finals);
}

std::string Experiment::utility_name() const {
  if (const std::string own = strategy_->utility_name(); !own.empty()) return own;
  return settings_.purpose == Purpose::kJudge ? "accuracy" : objective().estimator->info().name;
}

Direction Experiment::utility_direction() const {
  const bool is_score = settings_.purpose == Purpose::kScore && strategy_->utility_name().empty();
  return is_score ? objective().estimator->info().direction : Direction::kHigherIsBetter;
}

void Experiment::Score(std::vector<SearchStep>& steps, std::span<const int> places,
                       const ConfiguredEstimator& estimator, const ProgressCallback& progress) {
  std::vector<Job> jobs;
  for (const int place : places) {
    const Request& request = steps[std::size_t(place)].request;
    jobs.push_back({request.architecture, request.replicate});
  }
  Evaluator& evaluator = session_->evaluator();
  const auto values =
      evaluator.Estimate({&estimator, 1}, jobs, settings_.score.score_seed, progress).front();
  for (std::size_t i = 0; i < places.size(); ++i) {
    SearchStep& step = steps[std::size_t(places[i])];
    step.value = values[i];
    step.seconds = evaluator.seconds().front()[i];
  }
}

void Experiment::Judge(std::vector<SearchStep>& steps, std::span<const int> places,
                       const ProgressCallback& progress) {
  if (settings_.judging == Judging::kTrain) return Score(steps, places, judge_.front(), progress);
  const int column = table_->Column(settings_.judge_column);
  for (const int place : places) {
    SearchStep& step = steps[std::size_t(place)];
    const auto row = table_->Row(step.request.architecture);
    if (const auto value = row ? table_->Value(*row, column) : std::nullopt) {
      step.value = *value;
    } else {
      step.value = Failure{FailureKind::kMissing,
                           fmt::format("no {} in {}", settings_.judge_column, table_->name())};
    }
  }
}

std::vector<SearchStep> Experiment::Evaluate(const std::vector<Request>& requests,
                                             const ProgressCallback& progress) {
  std::vector<SearchStep> steps;
  std::map<int, std::vector<int>> places;  // by estimator, -1 for judgements
  for (const Request& request : requests) {
    const bool judges = request.purpose == Purpose::kJudge;
    places[judges ? -1 : request.estimator].push_back(int(steps.size()));
    steps.push_back(
        {.request = request, .value = Failure{FailureKind::kMissing, "not evaluated yet"}});
  }
  EvaluationProgress sum;
  for (const auto& [estimator, wanted] : places) {
    EvaluationProgress last;
    const auto advance = [&](const EvaluationProgress& now) {
      last = now;
      progress({.probes_done = sum.probes_done + now.probes_done,
                .probes_total = std::max(int(requests.size()), sum.probes_done + now.probes_total),
                .probes_measured = sum.probes_measured + now.probes_measured});
    };
    if (estimator < 0) {
      Judge(steps, wanted, advance);
    } else {
      Score(steps, wanted, session_->estimators()[std::size_t(estimator)], advance);
    }
    sum.probes_done += last.probes_done;
    sum.probes_measured += last.probes_measured;
    // Equal networks are measured once.
    for (const int place : wanted) {
      SearchStep& step = steps[std::size_t(place)];
      const Architecture& architecture = step.request.architecture;
      const Hash128 class_id = session_->space().SpaceOf(architecture).ClassId(architecture);
      const bool is_new = paid_.emplace(class_id, estimator, step.request.replicate).second;
      if (!is_new) step.seconds = 0;
    }
  }
  return steps;
}

Evaluation Experiment::Told(const SearchStep& step) const {
  Outcome<double> utility = step.value;
  if (utility && step.request.purpose == Purpose::kScore) {
    const auto& estimator = session_->estimators()[std::size_t(step.request.estimator)].estimator;
    if (estimator->info().direction == Direction::kLowerIsBetter) utility = -*utility;
  }
  return {step.request, std::move(utility)};
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
      const std::string stage = strategy_->stage();
      const auto steps = Evaluate(requests, [&](const EvaluationProgress& progress) {
        if (progress.probes_total > 0) {
          status.requests_done = done + int(std::int64_t(requests.size()) * progress.probes_done /
                                            progress.probes_total);
        }
        report();
      });
      std::vector<Evaluation> evaluations;
      for (const SearchStep& step : steps) evaluations.push_back(Told(step));
      strategy_->Tell(evaluations);
      result.steps.insert(result.steps.end(), steps.begin(), steps.end());
      status.requests_done = done + int(requests.size());
      if (const auto ranking = strategy_->Ranking(); !ranking.empty()) {
        status.best = ranking[0];
        result.leads.push_back({int(result.steps.size()), stage, ranking[0].architecture});
      }
      report();
    }
    result.finished = true;
  } catch (const Stopped&) {
    // What was told until now stands; the store holds what was measured since.
  }
  result.ranking = strategy_->Ranking();
  if (settings_.purpose == Purpose::kJudge) {
    for (Ranked& ranked : result.ranking) ranked.judged = ranked.utility;
  }
  result.sureness = strategy_->WinnerSureness();
  result.architectures = int(result.ranking.size());
  result.probes_measured = session_->evaluator().probes_measured();
  result.probe_seconds = session_->evaluator().probe_seconds();
  return result;
}

}  // namespace mote
