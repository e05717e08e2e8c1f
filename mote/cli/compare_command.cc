// mote compare: methods of searching side by side on a benchmark table.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/base/log_rank.h"
#include "mote/base/stats.h"
#include "mote/cli/chart_files.h"
#include "mote/cli/command.h"
#include "mote/cli/compare_charts.h"
#include "mote/cli/compare_results.h"
#include "mote/cli/figure_folder.h"
#include "mote/run/method_study.h"

namespace mote::cli {
namespace {

// Of the figure that sets estimates' ranks against the true ones.
constexpr int kRankedCells = 300;
// More curves than that in one figure are a tangle.
constexpr std::size_t kMostCurves = 8;
// Those that between them show what the others show, too.
constexpr const char* kTypicalMethods[] = {
    "mote-nas-k20",       "knas-k20", "random",       "regularized-evolution",
    "successive-halving", "top-macs", "mote-nas-c2f", "mote-nas-c2f-k10"};

struct CompareOptions {
  MethodStudySettings settings;
  OutputOptions output;
  std::vector<std::string> methods;
  std::vector<std::string> curves;
  std::string store;
  int seeds = 20;
  std::vector<std::string> ranks = {"mote", "knas"};
  std::filesystem::path folder = "runs/compare";
};

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

// Those whose progress is drawn: what was asked for, else all of a few, else typical ones first.
std::vector<std::string> CurvesShown(const CompareOptions& options,
                                     const std::vector<MethodResult>& results) {
  if (!options.curves.empty()) return options.curves;
  std::vector<std::string> names;
  names.reserve(results.size());
  for (const MethodResult& result : results) names.push_back(result.method->name);
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) {
    return std::find(std::begin(kTypicalMethods), std::end(kTypicalMethods), name) !=
           std::end(kTypicalMethods);
  });
  names.resize(std::min(names.size(), kMostCurves));
  return names;
}

void CheckCurves(const CompareOptions& options, const std::vector<MethodResult>& results) {
  for (const std::string& name : options.curves) {
    const std::string& known = FindMethod(name).name;
    if (std::none_of(results.begin(), results.end(),
                     [&](const MethodResult& result) { return result.method->name == known; })) {
      Throw(ErrorCode::kInvalidArgument, "--curves names '{}', which --methods does not", name);
    }
  }
}

std::vector<double> BestOf(const Table& table, const std::vector<std::string>& targets) {
  std::vector<double> best;
  for (const std::string& target : targets) {
    const int column = table.Column(target);
    double highest = -HUGE_VAL;
    for (int row = 0; row < table.rows(); ++row) {
      highest = std::max(highest, table.Value(row, column).value_or(-HUGE_VAL));
    }
    best.push_back(highest);
  }
  return best;
}

// The estimates of options.ranks on a sample of the table beside the truths of the first target.
struct Ranking {
  std::vector<RankedEstimate> estimates;
  std::vector<double> true_ranks;
  std::string caption;
};
Ranking RankCells(const CompareOptions& options, const Table& table, Environment& environment,
                  const std::shared_ptr<Holdings>& holdings) {
  ScoreSettings settings = options.settings.score;
  settings.estimators = options.ranks;
  Session session(environment.catalog, settings, environment.stop, holdings);
  Rng rng(Key(settings.score_seed, "compare", "cells"));
  std::vector<Architecture> cells;
  std::vector<std::optional<double>> truths;
  const int count = std::min(kRankedCells, table.rows());
  const int column = table.Column(options.settings.targets.front());
  for (const int row : rng.Sample(table.rows(), count)) {
    cells.push_back(table.architectures()[row]);
    truths.push_back(table.Value(row, column));
  }
  const auto by_estimator =
      session.Score(session.estimators(), cells, {.seed = settings.score_seed});
  const auto columns = Combine(session.asked(), session.estimators(), by_estimator);
  const auto ranks_from_best = [&](const std::vector<std::optional<double>>& values) {
    std::vector<double> ranks = RanksFromLowest(values);
    for (double& rank : ranks) rank = double(count) + 1 - rank;
    return ranks;
  };
  Ranking ranking{
      .estimates = {},
      .true_ranks = ranks_from_best(truths),
      .caption = fmt::format("{} cells of the table, drawn by seed {}; rank 1 is the "
                             "best; preset {} on {}, one score seed.",
                             count, settings.score_seed, settings.preset, settings.data)};
  for (std::size_t e = 0; e < columns.size(); ++e) {
    std::vector<std::optional<double>> merits;
    for (const Outcome<double>& score : columns[e]) {
      const bool lower = session.asked()[e].info.direction == Direction::kLowerIsBetter;
      merits.push_back(score.ok() ? std::optional(lower ? -*score : *score) : std::nullopt);
    }
    RankedEstimate estimate{.name = session.asked()[e].name, .ranks = ranks_from_best(merits)};
    estimate.tau = KendallTauB(estimate.ranks, ranking.true_ranks);
    ranking.estimates.push_back(std::move(estimate));
  }
  return ranking;
}

void WriteRanking(const CompareOptions& options, const Ranking& ranking) {
  const std::string& target = options.settings.targets.front();
  WriteChart(RankChart(ranking.estimates, ranking.true_ranks, target, ranking.caption),
             options.folder / "ranks", options.output);
  ResultTable taus({{.name = "estimator"},
                    {.name = "target"},
                    {.name = "cells"},
                    {.name = "tau", .precision = 3}});
  for (const RankedEstimate& estimate : ranking.estimates) {
    taus.AddRow(
        {estimate.name, target, std::int64_t(ranking.true_ranks.size()), CellOf(estimate.tau)});
  }
  WriteFileAtomically(options.folder / "taus.csv", taus.ToCsv());
}

// Where the scores of all score seeds come from, once each: some data are drawn by the seed. What
// --ranks and others ask for wrongly is found here, before anything long.
std::vector<Provenance> Sources(const CompareOptions& options, Environment& environment,
                                const std::shared_ptr<Holdings>& holdings) {
  ScoreSettings settings = options.settings.score;
  settings.estimators = options.ranks;
  if (settings.estimators.empty()) settings.estimators = {"params"};
  std::vector<Provenance> sources;
  for (int s = 0; s < options.settings.score_seeds; ++s) {
    const Session session(environment.catalog, settings, environment.stop, holdings);
    AddSource(session.provenance(), sources);
    ++settings.score_seed;
  }
  return sources;
}

// What an earlier comparison left here and this one may not replace.
void RemoveLeftovers(const std::filesystem::path& folder) {
  for (const char* name : {"about.json", "ranks.csv", "ranks.svg", "ranks.png", "taus.csv"}) {
    std::filesystem::remove(folder / name);
  }
}

// What the report says first.
std::vector<std::string> Sentences(const std::vector<MethodResult>& results, const Table& table,
                                   const std::vector<std::string>& targets) {
  std::vector<std::string> sentences = {
      fmt::format("{} method{} of searching side by side on the {} architectures of {}.",
                  results.size(), results.size() == 1 ? "" : "s", table.rows(), table.name())};
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const MethodResult* best = nullptr;
    for (const MethodResult& result : results) {
      if (result.ended() == 0) continue;
      if (!best || result.Accuracy(t).mean > best->Accuracy(t).mean) best = &result;
    }
    if (!best) continue;
    sentences.push_back(fmt::format("On {} the best is {}: {:.2f} % on average, for {:.0f} s.",
                                    targets[t], best->method->name, best->Accuracy(t).mean,
                                    best->Cost(t).mean));
  }
  return sentences;
}

void Run(const CompareOptions& given, const CommandLine& command, Environment& environment) {
  CompareOptions options = given;
  MethodStudySettings& settings = options.settings;
  CheckWritable(options.folder / "methods.csv");
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
  CheckCurves(options, results);
  const auto space = environment.catalog.spaces.Create(settings.score.space, {});
  const auto holdings = std::make_shared<Holdings>();
  const Table& table = *holdings->Joined(settings.tables, *space);
  for (const std::string& target : settings.targets) table.Column(target);
  FindCostColumns(table, settings);
  const std::vector<Provenance> provenance = Sources(options, environment, holdings);
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
  const std::string protocol = Protocol(options);
  const ResultTable summary = SummaryOf(results, settings.targets);
  const std::string findings = FindingsOf(results, settings.targets);
  RemoveLeftovers(options.folder);
  WriteFileAtomically(options.folder / "methods.csv", summary.ToCsv());
  WriteFileAtomically(options.folder / "runs.csv", RunsOf(results, settings.targets).ToCsv());
  WriteFileAtomically(options.folder / "curves.csv", CurvesOf(results, settings.targets).ToCsv());
  WriteFileAtomically(options.folder / "summary.txt", protocol + "\n\n" + findings);
  WriteChart(CostChart(results, settings.targets, protocol), options.folder / "cost",
             options.output);
  WriteChart(RegretChart(results, BestOf(table, settings.targets), CurvesShown(options, results),
                         settings.targets, protocol),
             options.folder / "regret", options.output);
  if (!options.ranks.empty()) {
    WriteRanking(options, RankCells(options, table, environment, holdings));
  }
  WriteAbout(options.folder, Sentences(results, table, settings.targets), command, provenance);
  if (FormatOf(options.output) == Format::kText) {
    PrintText(findings, options.output);
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
  command
      ->add_option(
          "--curves", options->curves,
          "methods whose progress is drawn; default: all of up to 8, else 8, typical ones first")
      ->delimiter(',');
  AddStoreOption(*command, options->store);
  AddFolderOptions(
      *command, options->output, options->folder,
      "methods.csv, runs.csv, curves.csv, taus.csv, summary.txt, about.json and the figures cost, "
      "regret and ranks");
  command->footer(
      "Example:\n"
      "  mote compare --methods mote-nas-k10,knas-k20,top-macs \\\n"
      "    --table accuracy.csv.gz,validation_12.csv.gz --target cifar10_test_acc_200\n"
      "What was scored is kept in the store: stopped, it goes on where it was.");
  command->callback([=, &environment] {
    std::erase(options->ranks, "");
    Run(*options, CommandLineOf(*command), environment);
  });
}

}  // namespace mote::cli
