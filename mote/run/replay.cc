#include "mote/run/replay.h"

#include <algorithm>
#include <unordered_map>

#include "mote/base/error.h"
#include "mote/base/options.h"
#include "mote/base/stats.h"
#include "mote/search/population.h"
#include "mote/search/strategy.h"

namespace mote {

MOTE_STRATEGY(mote_nas);

namespace {

struct Cell {
  double score, score_seconds, judge, judge_seconds, target;
};

using Cells = std::unordered_map<Hash128, Cell>;  // by id of the architecture

Cells JoinTables(const Table& scores, const Table& truths, const ReplayColumns& columns) {
  const int score = scores.Column(columns.score);
  const int score_seconds = scores.Column(columns.score_seconds);
  const int judge = truths.Column(columns.judge);
  const int judge_seconds = truths.Column(columns.judge_seconds);
  const int target = truths.Column(columns.target);
  Cells cells;
  for (int row = 0; row < scores.rows(); ++row) {
    const Architecture& architecture = scores.architectures()[row];
    const std::optional<int> truth = truths.Row(architecture);
    if (!truth) continue;
    const std::optional<double> values[] = {
        scores.Value(row, score), scores.Value(row, score_seconds), truths.Value(*truth, judge),
        truths.Value(*truth, judge_seconds), truths.Value(*truth, target)};
    if (std::all_of(std::begin(values), std::end(values), [](auto& value) { return value; })) {
      cells[architecture.id()] = {*values[0], *values[1], *values[2], *values[3], *values[4]};
    }
  }
  if (cells.empty()) {
    Throw(ErrorCode::kInvalidArgument,
          "{} (columns {}, {}) and {} (columns {}, {}, {}) have no cell in common", scores.name(),
          columns.score, columns.score_seconds, truths.name(), columns.judge, columns.judge_seconds,
          columns.target);
  }
  return cells;
}

struct Run {
  double target = 0;
  double cost_seconds = 0;
  double pool = 0;
};

Run RunOnce(SearchStrategy& strategy, const Cells& cells, int judged) {
  Run run;
  for (;;) {
    std::vector<Evaluation> evaluations;
    for (Request& request : strategy.Ask()) {
      const Cell& cell = cells.at(request.architecture.id());
      run.cost_seconds += cell.score_seconds;
      evaluations.push_back({std::move(request), cell.score});
    }
    if (evaluations.empty()) break;
    run.pool += double(evaluations.size());
    strategy.Tell(evaluations);
  }
  const std::vector<Ranked> ranking = strategy.Ranking();
  const auto cell_at = [&](int place) -> const Cell& {
    return cells.at(ranking[place].architecture.id());
  };
  const Cell* winner = &cell_at(0);
  for (int place = 0; place < std::min(judged, int(ranking.size())); ++place) {
    const Cell& cell = cell_at(place);
    run.cost_seconds += cell.judge_seconds;
    // Of equals the earlier has the higher score.
    if (cell.judge > winner->judge) winner = &cell;
  }
  run.target = winner->target;
  return run;
}

}  // namespace

ReplayResult Replay(const SearchSpace& space, const Table& scores, const Table& truths,
                    const ReplayColumns& columns, const ReplaySetting& setting, int runs,
                    std::uint64_t seed) {
  if (runs < 1 || setting.judged < 0) {
    Throw(
        ErrorCode::kInvalidArgument,
        "a replay of {} runs, {} cells judged: there must be at least 1 run and at least 0 judged",
        runs, setting.judged);
  }
  const Cells cells = JoinTables(scores, truths, columns);
  SearchProblem problem{
      space, [&](const Architecture& architecture) { return cells.contains(architecture.id()); },
      seed};
  problem.population = std::make_shared<Population>(space, problem.feasible);
  StrategyRegistry strategies("strategy");
  RegisterStrategy_mote_nas(strategies);
  const std::map<std::string, std::string> options{
      {"iterations", std::to_string(setting.iterations)},
      {"parents", ToText(setting.parent_share)}};

  std::vector<double> targets;
  ReplayResult result;
  for (int r = 0; r < runs; ++r) {
    problem.seed = seed + std::uint64_t(r);
    const auto strategy = strategies.Create("mote-nas", options, problem);
    const Run run = RunOnce(*strategy, cells, setting.judged);
    targets.push_back(run.target);
    result.cost_seconds += run.cost_seconds / runs;
    result.pool += run.pool / runs;
  }
  result.mean = Mean(targets);
  result.sd = StandardDeviation(targets);
  return result;
}

}  // namespace mote
