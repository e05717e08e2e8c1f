#include "mote/cli/search_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mote/cli/run_folder.h"

namespace mote::cli {
namespace {

Cell TruthOf(const Table& table, const std::string& target, const Architecture& architecture) {
  const auto row = table.Row(architecture);
  if (!row) return {};
  return CellOf(table.Value(*row, table.Column(target)));
}

}  // namespace

double ScoreOf(const Ranked& ranked, Direction direction) {
  return direction == Direction::kHigherIsBetter ? ranked.utility : -ranked.utility;
}

ResultTable Finalists(const SearchResult& result, Experiment& experiment,
                      const std::vector<std::string>& targets, int rows) {
  Session& session = experiment.session();
  const Direction direction = experiment.utility_direction();
  const Dataset& dataset = session.dataset();
  const Task task = TaskOf(dataset);
  std::vector<Column> columns = {{.name = "rank"},
                                 {.name = "arch"},
                                 {.name = experiment.utility_name(), .precision = 4},
                                 {.name = "replicates"}};
  bool judged = false;
  if (!experiment.goes_by_accuracy()) {
    for (const Ranked& ranked : result.ranking) judged = judged || ranked.judged;
  }
  if (judged) columns.push_back({.name = "judged_accuracy", .precision = 4});
  columns.push_back({.name = "params"});
  columns.push_back({.name = "macs"});
  for (const std::string& target : targets) {
    columns.push_back({.name = target, .precision = 4});
  }
  ResultTable table(columns);
  for (int i = 0; i < std::min(rows, int(result.ranking.size())); ++i) {
    const Ranked& ranked = result.ranking[i];
    const Cost cost = DeployedCost(session.space(), ranked.architecture, task);
    std::vector<Cell> row = {std::int64_t(i + 1), ranked.architecture.text(),
                             ScoreOf(ranked, direction), std::int64_t(ranked.replicates)};
    if (judged) row.push_back(CellOf(ranked.judged));
    row.emplace_back(cost.params);
    row.emplace_back(cost.macs);
    for (const std::string& target : targets) {
      row.push_back(TruthOf(*experiment.table(), target, ranked.architecture));
    }
    table.AddRow(std::move(row));
  }
  return table;
}

std::string ResultJson(const SearchResult& result, Experiment& experiment) {
  nlohmann::ordered_json json;
  json["mote"] = {{"format", 1}, {"version", BuildProvenance().version}};
  json["finished"] = result.finished;
  json["architectures"] = result.architectures;
  const EstimatorInfo info = experiment.objective().estimator->info();
  json["estimator"] = {{"name", info.name},
                       {"preset", experiment.session().preset().name},
                       {"direction", Name(info.direction)}};
  json["ranked_by"] = {{"name", experiment.utility_name()},
                       {"direction", Name(experiment.utility_direction())}};
  json["provenance"] = experiment.session().provenance().ToJson();
  if (result.sureness) json["winner_stays_first"] = result.sureness->first;
  json["ranking"] = nlohmann::ordered_json::array();
  for (const Ranked& ranked : result.ranking) {
    nlohmann::ordered_json row = {{"arch", ranked.architecture.text()},
                                  {"score", ScoreOf(ranked, experiment.utility_direction())},
                                  {"replicates", ranked.replicates}};
    if (ranked.judged) row["judged_accuracy"] = *ranked.judged;
    json["ranking"].push_back(std::move(row));
  }
  return json.dump(2) + "\n";
}

std::string HistoryCsv(const SearchResult& result, const Experiment& experiment) {
  ResultTable table({{.name = "step"},
                     {.name = "arch"},
                     {.name = "purpose"},
                     {.name = "estimator"},
                     {.name = "replicate"},
                     {.name = "value"},
                     {.name = "failure"},
                     {.name = "core_seconds"}});
  std::int64_t number = 0;
  for (const SearchStep& step : result.steps) {
    const bool scores = step.request.purpose == Purpose::kScore;
    const auto& estimators = experiment.estimators();
    table.AddRow({++number, step.request.architecture.text(), scores ? "score" : "judge",
                  scores ? Cell(estimators[std::size_t(step.request.estimator)].name) : Cell(),
                  std::int64_t(step.request.replicate),
                  step.value.ok() ? Cell(*step.value) : Cell(),
                  step.value.ok() ? Cell() : Cell(step.value.failure().message), step.seconds});
  }
  return table.ToCsv();
}

std::string Story(const SearchResult& result, Experiment& experiment,
                  const std::vector<std::string>& targets, const std::filesystem::path& folder) {
  Session& session = experiment.session();
  const Ranked& best = result.ranking.front();
  const Dataset& dataset = session.dataset();
  const Task task = TaskOf(dataset);
  const Cost cost = DeployedCost(session.space(), best.architecture, task);
  std::string text =
      fmt::format("{} of {} architectures scored\n\n",
                  result.finished ? "best" : "stopped; best so far", result.architectures);
  text += session.space().Draw(best.architecture) + "\n";
  text += fmt::format("{}\n", best.architecture.text());
  if (!experiment.goes_by_accuracy()) {
    text += fmt::format("{} {:.4f} ({}, mean of {} replicate{}), {}\n", experiment.utility_name(),
                        ScoreOf(best, experiment.utility_direction()), session.preset().name,
                        best.replicates, best.replicates == 1 ? "" : "s",
                        Name(experiment.utility_direction()));
  }
  if (best.judged) text += fmt::format("judged accuracy {:.4f}\n", *best.judged);
  text +=
      fmt::format("{:.3f} M parameters, {:.1f} M multiply-adds for {}x{} images and {} classes\n",
                  1e-6 * double(cost.params), 1e-6 * double(cost.macs), dataset.height(),
                  dataset.width(), dataset.classes());
  if (result.sureness) {
    text += fmt::format("sureness: it stays first in {:.0f} % of {} resamples of the replicates\n",
                        100 * result.sureness->first, result.sureness->resamples);
  }
  std::ostringstream rows;
  TextStyle style;
  style.colour = UseColour(1);
  Finalists(result, experiment, targets, 10).Write(rows, Format::kText, style);
  text += "\n" + rows.str();
  if (result.probes_measured > 0) {
    text += fmt::format("\n{} networks trained, {:.3f} core seconds each\n", result.probes_measured,
                        result.probe_seconds / result.probes_measured);
  }
  if (result.finished) {
    text += fmt::format("\nrun folder {} (result.json, history.csv, cell.svg, {}, store.sqlite)\n",
                        folder.string(), kConfigFile);
  } else {
    text += fmt::format("\ngo on with: mote resume {}\n", folder.string());
  }
  return text;
}

}  // namespace mote::cli
