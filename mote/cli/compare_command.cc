// mote compare: methods of searching side by side on a benchmark table.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/base/log_rank.h"
#include "mote/base/stats.h"
#include "mote/cli/chart_files.h"
#include "mote/run/class_sample.h"
#include "mote/run/method_study.h"

namespace mote::cli {
namespace {

// Of the figure that sets two estimates' ranks against the true ones.
constexpr int kRankedCells = 300;
// Of the figure of progress: percent below the best method's end.
constexpr int kShownPoints = 5;

struct CompareOptions {
  MethodStudySettings settings;
  OutputOptions output;
  std::vector<std::string> methods;
  std::string store;
  int seeds = 20;
  std::vector<std::string> ranks = {"mote", "knas"};
  std::filesystem::path folder = "runs/compare";
};

struct MethodResult {
  const Method* method = nullptr;
  std::vector<MethodRun> runs = {};
};

// Where a table holds accuracies as shares, people read percent.
double Percent(double accuracy) { return 100 * accuracy; }

std::string DatasetOf(const std::string& target) { return target.substr(0, target.find('_')); }

// What the paper prints for the dataset of a target; its columns are those of the benchmark.
std::optional<std::size_t> PrintedColumn(const std::string& target) {
  const std::string dataset = DatasetOf(target);
  if (dataset == "cifar10") return 0;
  if (dataset == "cifar100") return 1;
  if (dataset == "imagenet16-120") return 2;
  return std::nullopt;
}

Spread AccuracyOf(const MethodResult& result, std::size_t target) {
  return SpreadOf(result.runs,
                  [=](const MethodRun& run) { return Percent(run.leads.back().truths[target]); });
}

Spread CostOf(const MethodResult& result, std::size_t target) {
  return SpreadOf(result.runs, [=](const MethodRun& run) { return run.cost(target); });
}

int Ended(const MethodResult& result) {
  return int(std::count_if(result.runs.begin(), result.runs.end(),
                           [](const MethodRun& run) { return run.failure.empty(); }));
}

// (a) Accuracy and cost per method and dataset.
ResultTable Summary(const std::vector<MethodResult>& results, const MethodStudySettings& settings) {
  std::vector<Column> columns = {{.name = "method"}, {.name = "runs"}};
  for (const std::string& target : settings.targets) {
    columns.push_back({.name = target, .unit = "%", .precision = 2, .best = Best::kHighest});
    columns.push_back({.name = target + "_sd", .header = "sd", .precision = 2});
    columns.push_back(
        {.name = target + "_sd_score_seed", .header = "sd of score seeds", .precision = 2});
    columns.push_back({.name = target + "_least", .header = "least", .precision = 2});
    columns.push_back({.name = target + "_seconds", .header = "cost", .unit = "s", .precision = 0});
    columns.push_back(
        {.name = target + "_final_seconds", .header = "final", .unit = "s", .precision = 0});
    columns.push_back({.name = target + "_printed", .header = "printed", .precision = 2});
    columns.push_back(
        {.name = target + "_printed_seconds", .header = "its cost", .unit = "s", .precision = 0});
  }
  columns.push_back({.name = "scored", .precision = 0});
  columns.push_back({.name = "judged", .precision = 0});
  columns.push_back({.name = "score_seconds", .header = "scoring", .unit = "s", .precision = 0});
  ResultTable table(columns);
  for (const MethodResult& result : results) {
    std::vector<Cell> row = {result.method->name, std::int64_t(Ended(result))};
    if (Ended(result) == 0) {
      row.resize(columns.size());
      table.AddRow(row);
      continue;
    }
    for (std::size_t t = 0; t < settings.targets.size(); ++t) {
      const Spread accuracy = AccuracyOf(result, t);
      double least = HUGE_VAL;
      for (const MethodRun& run : result.runs) {
        if (run.failure.empty()) least = std::min(least, Percent(run.leads.back().truths[t]));
      }
      row.emplace_back(accuracy.mean);
      row.emplace_back(accuracy.sd);
      row.emplace_back(accuracy.sd_score_seed);
      row.emplace_back(least);
      row.emplace_back(CostOf(result, t).mean);
      row.emplace_back(
          SpreadOf(result.runs, [=](const MethodRun& run) { return run.final_seconds[t]; }).mean);
      const auto column = PrintedColumn(settings.targets[t]);
      const auto& printed = result.method->printed;
      row.push_back(printed && column ? Cell(printed->accuracy[*column]) : Cell());
      row.push_back(printed && column ? CellOf(printed->seconds[*column]) : Cell());
    }
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) { return run.scored; }).mean);
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) { return run.judged; }).mean);
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) {
                       return run.leads.back().score_seconds;
                     }).mean);
    table.AddRow(std::move(row));
  }
  return table;
}

// Each run, and what each of its stages had.
ResultTable Runs(const std::vector<MethodResult>& results, const MethodStudySettings& settings) {
  std::vector<Column> columns = {{.name = "method"}, {.name = "score_seed"},   {.name = "seed"},
                                 {.name = "stage"},  {.name = "winner"},       {.name = "scored"},
                                 {.name = "judged"}, {.name = "score_seconds"}};
  for (const std::string& target : settings.targets) {
    columns.push_back({.name = target});
    columns.push_back({.name = target + "_seconds"});
  }
  ResultTable table(columns);
  for (const MethodResult& result : results) {
    for (const MethodRun& run : result.runs) {
      for (std::size_t i = 0; i < run.leads.size(); ++i) {
        const bool ends_stage =
            i + 1 == run.leads.size() || run.leads[i + 1].stage != run.leads[i].stage;
        if (!ends_stage) continue;
        const MethodLead& lead = run.leads[i];
        const bool is_last = i + 1 == run.leads.size();
        std::vector<Cell> row = {result.method->name,
                                 std::int64_t(run.score_seed),
                                 std::int64_t(run.seed),
                                 lead.stage,
                                 is_last ? Cell(run.winner) : Cell(),
                                 is_last ? Cell(std::int64_t(run.scored)) : Cell(),
                                 is_last ? Cell(std::int64_t(run.judged)) : Cell(),
                                 lead.score_seconds};
        for (std::size_t t = 0; t < settings.targets.size(); ++t) {
          row.emplace_back(lead.truths[t]);
          row.emplace_back(lead.score_seconds + lead.judge_seconds[t]);
        }
        table.AddRow(std::move(row));
      }
    }
  }
  return table;
}

std::string Protocol(const CompareOptions& options) {
  const MethodStudySettings& settings = options.settings;
  return fmt::format(
      "Up to {} runs a method: {} score seeds x {} proposal seeds; a method whose result does not "
      "depend on the proposal seed has {}. Scores: preset {} on {}. Judged by {}, for every "
      "column. "
      "Cost: core seconds of scoring and the table's seconds of the judged trainings; the final "
      "training comes on top.",
      settings.score_seeds * settings.proposal_seeds, settings.score_seeds, settings.proposal_seeds,
      settings.score_seeds, settings.score.preset, settings.score.data, settings.judge);
}

// (b) Accuracy of the final architecture against total cost.
ScatterChart CostChart(const std::vector<MethodResult>& results, const CompareOptions& options) {
  ScatterChart chart{.text = {.title = "What is found, and what it costs",
                              .caption = Protocol(options) +
                                         " Printed: the MOTE-NAS paper's figures, on its machine."},
                     .panels = {},
                     .shared_y = false};
  for (std::size_t t = 0; t < options.settings.targets.size(); ++t) {
    const std::string& target = options.settings.targets[t];
    ScatterPanel panel{
        .title = target,
        .x_label = "search cost, seconds",
        .y_label = "test accuracy, %",
        .series = {{.name = "measured here", .points = {}}, {.name = "printed", .points = {}}},
        .log_x = true,
        .front = true};
    for (const MethodResult& result : results) {
      if (Ended(result) == 0) continue;
      panel.series[0].points.push_back({.x = std::max(0.1, CostOf(result, t).mean),
                                        .y = AccuracyOf(result, t).mean,
                                        .name = result.method->name});
      const auto column = PrintedColumn(target);
      const auto& printed = result.method->printed;
      if (!printed || !column || !printed->seconds[*column]) continue;
      panel.series[1].points.push_back({.x = *printed->seconds[*column],
                                        .y = printed->accuracy[*column],
                                        .name = result.method->name});
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

// (d) Best so far against cost. Beginnings far below what any method reaches would leave no room
// for the rest.
LineChart ProgressChart(const std::vector<MethodResult>& results, const CompareOptions& options) {
  LineChart chart{
      .text = {.title = "Best so far against cost",
               .caption = "Means over runs; bands from the 10 % to the 90 % quantile. " +
                          Protocol(options)},
      .panels = {},
      .shared_y = false};
  for (std::size_t t = 0; t < options.settings.targets.size(); ++t) {
    LinePanel panel{.title = options.settings.targets[t],
                    .x_label = "search cost, seconds",
                    .y_label = "test accuracy of the best so far, %",
                    .series = {},
                    .log_x = true};
    double best = 0;
    for (const MethodResult& result : results) best = std::max(best, AccuracyOf(result, t).mean);
    for (const MethodResult& result : results) {
      const MethodCurve curve = CurveOf(result.runs, t);
      LineSeries series{.name = result.method->name, .x = {}, .y = {}};
      for (std::size_t i = 0; i < curve.seconds.size(); ++i) {
        if (Percent(curve.low[i]) < best - kShownPoints) continue;
        series.x.push_back(curve.seconds[i]);
        series.y.push_back(Percent(curve.mean[i]));
        series.low.push_back(Percent(curve.low[i]));
        series.high.push_back(Percent(curve.high[i]));
      }
      panel.series.push_back(std::move(series));
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

// (c) Ranks by estimates against true ranks.
ScatterChart RankChart(const CompareOptions& options, const Table& table, Environment& environment,
                       const std::shared_ptr<Holdings>& holdings, ResultTable& taus) {
  ScoreSettings settings = options.settings.score;
  settings.estimators = options.ranks;
  Session session(environment.catalog, settings, environment.stop, holdings);
  Rng rng(Key(settings.score_seed, "compare", "cells"));
  std::vector<Architecture> cells;
  const int count = std::min(kRankedCells, table.rows());
  for (const int row : rng.Sample(table.rows(), count)) cells.push_back(table.architectures()[row]);
  const auto by_estimator =
      session.Score(session.estimators(), cells, {.seed = settings.score_seed});
  const auto columns = Combine(session.asked(), session.estimators(), by_estimator);
  ScatterChart chart{.text = {.title = "Ranks by estimate against true ranks",
                              .caption = fmt::format(
                                  "{} cells of the table, drawn by seed {}; rank 1 is the best; "
                                  "preset {} on {}, one score seed.",
                                  count, settings.score_seed, settings.preset, settings.data)},
                     .panels = {}};
  const std::string& target = options.settings.targets.front();
  std::vector<std::optional<double>> truths;
  for (const Architecture& cell : cells) {
    truths.push_back(table.Value(*table.Row(cell), table.Column(target)));
  }
  const auto ranks_from_best = [&](const std::vector<std::optional<double>>& values) {
    std::vector<double> ranks = RanksFromLowest(values);
    for (double& rank : ranks) rank = double(count) + 1 - rank;
    return ranks;
  };
  const std::vector<double> true_ranks = ranks_from_best(truths);
  for (std::size_t e = 0; e < columns.size(); ++e) {
    std::vector<std::optional<double>> merits;
    for (const Outcome<double>& score : columns[e]) {
      const bool lower = session.asked()[e].info.direction == Direction::kLowerIsBetter;
      merits.push_back(score.ok() ? std::optional(lower ? -*score : *score) : std::nullopt);
    }
    const std::vector<double> ranks = ranks_from_best(merits);
    const auto tau = KendallTauB(ranks, true_ranks);
    ScatterPanel panel{
        .title = fmt::format("{}: tau {:.3f}", session.asked()[e].name, tau.value_or(0)),
        .x_label = "rank by " + session.asked()[e].name,
        .y_label = "rank by " + target,
        .series = {{.name = "cells", .points = {}}}};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      panel.series[0].points.push_back({.x = ranks[i], .y = true_ranks[i]});
    }
    taus.AddRow({session.asked()[e].name, target, std::int64_t(count), CellOf(tau)});
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

// A line for each method: what it reached, and how that stands to the printed figure.
std::string Findings(const std::vector<MethodResult>& results,
                     const MethodStudySettings& settings) {
  std::string text;
  for (std::size_t t = 0; t < settings.targets.size(); ++t) {
    std::vector<const MethodResult*> order;
    for (const MethodResult& result : results) {
      if (Ended(result) > 0) order.push_back(&result);
    }
    std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
      return AccuracyOf(*a, t).mean > AccuracyOf(*b, t).mean;
    });
    text += settings.targets[t] + ", best first:\n";
    for (const MethodResult* result : order) {
      const Spread accuracy = AccuracyOf(*result, t);
      text += fmt::format("  {:<22}{:6.2f} +- {:.2f} % for {:.0f} s", result->method->name,
                          accuracy.mean, accuracy.sd, CostOf(*result, t).mean);
      const auto column = PrintedColumn(settings.targets[t]);
      if (const auto& printed = result->method->printed; printed && column) {
        const double difference = accuracy.mean - printed->accuracy[*column];
        text += fmt::format("; printed {:.2f} %, {:+.2f}{}", printed->accuracy[*column], difference,
                            std::abs(difference) > accuracy.sd ? ", more than a deviation" : "");
      }
      text += "\n";
    }
  }
  return text;
}

void Run(const CompareOptions& given, Environment& environment) {
  CompareOptions options = given;
  MethodStudySettings& settings = options.settings;
  CheckOutput(options.output);
  if (options.seeds % settings.score_seeds != 0) {
    Throw(ErrorCode::kInvalidArgument,
          "--seeds {} cannot be shared among {} score seeds; give a multiple, or --score-seeds",
          options.seeds, settings.score_seeds);
  }
  settings.proposal_seeds = options.seeds / settings.score_seeds;
  settings.score.store = StorePath(options.store);
  std::vector<MethodResult> results;
  if (options.methods.empty()) {
    for (const Method& method : Methods()) results.push_back({&method});
  } else {
    for (const std::string& name : options.methods) results.push_back({&FindMethod(name)});
  }
  const auto space = environment.catalog.spaces.Create(settings.score.space, {});
  const auto holdings = std::make_shared<Holdings>();
  const Table& table = *holdings->Joined(settings.tables, *space);
  for (const std::string& target : settings.targets) table.Column(target);
  FindCostColumns(table, settings);
  Note(options.output, Protocol(options));
  Note(options.output,
       fmt::format("only the {} architectures of {} are proposed", table.rows(), table.name()));
  for (std::size_t t = 0; t < settings.targets.size(); ++t) {
    if (settings.judge_seconds[t].empty()) {
      Note(options.output, fmt::format("{} has no seconds of judgements for {}: they cost nothing",
                                       table.name(), settings.targets[t]));
    }
  }
  for (MethodResult& result : results) {
    Progress bar(std::cerr, ProgressOptions::ForStderr(result.method->name, options.output.quiet));
    int done = 0;
    result.runs = RunMethod(environment.catalog, *result.method, settings, environment.stop,
                            holdings, [&](const MethodProgress& progress) {
                              bar.SetTotal(progress.expected);
                              bar.Advance(progress.done - done);
                              done = progress.done;
                            });
    bar.Finish();
  }
  const ResultTable summary = Summary(results, settings);
  WriteFileAtomically(options.folder / "methods.csv", summary.ToCsv());
  WriteFileAtomically(options.folder / "runs.csv", Runs(results, settings).ToCsv());
  WriteFileAtomically(options.folder / "summary.txt",
                      Protocol(options) + "\n\n" + Findings(results, settings));
  WriteChart(CostChart(results, options), options.folder / "cost", options.output);
  WriteChart(ProgressChart(results, options), options.folder / "progress", options.output);
  if (!options.ranks.empty()) {
    ResultTable taus({{.name = "estimator"},
                      {.name = "target"},
                      {.name = "cells"},
                      {.name = "tau", .precision = 3}});
    WriteChart(RankChart(options, table, environment, holdings, taus), options.folder / "ranks",
               options.output);
    WriteFileAtomically(options.folder / "taus.csv", taus.ToCsv());
  }
  if (FormatOf(options.output) == Format::kText) {
    PrintText(Findings(results, settings), options.output);
  } else {
    Print(summary, options.output);
  }
}

}  // namespace

void AddCompareCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand(
      "compare", "Search methods side by side on a benchmark table, over many seeds");
  auto options = std::make_shared<CompareOptions>();
  MethodStudySettings& settings = options->settings;
  command
      ->add_option("--methods", options->methods,
                   "which, comma-separated (mote list methods); default: all")
      ->delimiter(',');
  command
      ->add_option("--table", settings.tables,
                   "CSV of truths with a column arch; several, comma-separated, are joined")
      ->delimiter(',')
      ->required();
  command->add_option("--target", settings.targets, "columns that are compared, comma-separated")
      ->delimiter(',')
      ->required();
  command->add_option("--judge", settings.judge, "column that steers methods which judge")
      ->capture_default_str();
  AddScoreOptions(*command, settings.score);
  command->add_option("--seeds", options->seeds, "runs of a method")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command
      ->add_option("--score-seeds", settings.score_seeds,
                   "how many of them differ in their scores; the rest of their seeds propose")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--score-seed", settings.score.score_seed, "the first of them")
      ->capture_default_str();
  command
      ->add_option("--ranks", options->ranks,
                   "estimators whose ranks are set against the true ones; \"\": none")
      ->delimiter(',')
      ->capture_default_str();
  AddStoreOption(*command, options->store);
  AddOutputOptions(*command, options->output, "write the table to this file");
  command
      ->add_option("--folder", options->folder,
                   "where tables and figures go: methods, runs, cost, progress, ranks")
      ->capture_default_str();
  command->footer(
      "Example:\n"
      "  mote compare --methods mote-nas-k10,knas-k20,top-macs \\\n"
      "    --table accuracy.csv.gz,validation_12.csv.gz --target cifar10_test_acc_200\n"
      "What was scored is kept in the store: stopped, it goes on where it was.");
  command->callback([=, &environment] {
    std::erase(options->ranks, "");
    Run(*options, environment);
  });
}

}  // namespace mote::cli
