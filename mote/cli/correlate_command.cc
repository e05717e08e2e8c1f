// mote correlate: how well estimates rank, against a table of truths.
#include <cmath>
#include <iostream>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/class_sample.h"
#include "mote/run/comparison.h"

namespace mote::cli {
namespace {

const std::vector<std::string> kBaselines = {"params", "macs", "live-weights", "conv-edges"};

struct CorrelateOptions {
  ScoreSettings settings;
  OutputOptions output;
  Selection selection;
  std::string store;
  int replicates = 1;
  int seeds = 1;
  std::filesystem::path table;
  std::vector<std::string> targets;
  std::filesystem::path reference;
  std::string reference_column = "mote";
};

std::vector<Column> Columns(bool with_reference, bool for_people) {
  std::vector<Column> columns = {{.name = "estimator"},
                                 {.name = "target"},
                                 {.name = "population"},
                                 {.name = "cells"},
                                 {.name = "tau", .precision = 3},
                                 {.name = "tau_low", .precision = 3},
                                 {.name = "tau_high", .precision = 3},
                                 {.name = "rho", .precision = 3},
                                 {.name = "tau_top10", .precision = 3}};
  for (const char* k : {"10", "50", "1pct", "10pct"}) {
    if (for_people && std::string(k) != "10" && std::string(k) != "10pct") continue;
    columns.push_back({.name = fmt::format("precision_{}", k), .precision = 2});
    columns.push_back({.name = fmt::format("regret_{}", k), .precision = 4});
  }
  if (with_reference) {
    columns.push_back({.name = "lead", .precision = 3});
    columns.push_back({.name = "lead_low", .precision = 3});
    columns.push_back({.name = "lead_high", .precision = 3});
  }
  return columns;
}

// The cells of Columns().
std::vector<Cell> Row(const Comparison& comparison, const std::string& target,
                      const std::string& population, bool with_reference, bool for_people) {
  const Correlation& mean = comparison.mean;
  std::vector<Cell> row = {comparison.name, target, population, std::int64_t(mean.count)};
  const auto add_interval = [&row](const std::optional<Interval>& interval) {
    row.push_back(CellOf(interval ? std::optional(interval->low) : std::nullopt));
    row.push_back(CellOf(interval ? std::optional(interval->high) : std::nullopt));
  };
  row.push_back(CellOf(mean.tau));
  add_interval(mean.tau_interval);
  row.push_back(CellOf(mean.rho));
  row.push_back(CellOf(mean.tau_top10));
  for (std::size_t k = 0; k < mean.top.size(); ++k) {
    if (for_people && k != 0 && k != 3) continue;
    row.emplace_back(mean.top[k].precision);
    row.emplace_back(mean.top[k].regret);
  }
  if (with_reference) {
    row.push_back(CellOf(comparison.lead));
    add_interval(comparison.lead_interval);
  }
  return row;
}

void Run(const CorrelateOptions& given, Environment& environment) {
  CorrelateOptions options = given;
  CheckOutput(options.output);
  options.settings.store = StorePath(options.store);
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  const Table table = Table::Load(options.table, *space);
  std::vector<int> columns;
  for (const std::string& target : options.targets) columns.push_back(table.Column(target));
  std::unique_ptr<Table> reference;
  int reference_column = 0;
  if (!options.reference.empty()) {
    reference = std::make_unique<Table>(Table::Load(options.reference, *space));
    reference_column = reference->Column(options.reference_column);
  }
  std::string population;
  auto architectures =
      Select(options.selection, *space, &table, options.settings.score_seed, population);
  const auto given_count = architectures.size();
  std::erase_if(architectures, [&](const Architecture& architecture) {
    const auto row = table.Row(architecture);
    if (!row) return true;
    for (int column : columns) {
      if (!table.Value(*row, column)) return true;
    }
    if (!reference) return false;
    const auto reference_row = reference->Row(architecture);
    return !reference_row || !reference->Value(*reference_row, reference_column);
  });
  if (architectures.size() < 3) {
    Throw(ErrorCode::kInvalidArgument,
          "only {} of {} architectures have all targets in table "
          "'{}'; a correlation needs 3",
          architectures.size(), given_count, table.name());
  }

  Session session(environment.catalog, options.settings, environment.stop);
  OpenStore(session, options.store);
  std::vector<ConfiguredEstimator> baselines;
  for (const std::string& name : kBaselines) {
    const auto& asked = options.settings.estimators;
    if (std::find(asked.begin(), asked.end(), name) == asked.end()) {
      baselines.push_back(session.Configure(name));
    }
  }
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  Note(options.output,
       fmt::format("population: {}; {} of them have all values", population, architectures.size()));
  PrintForecast(options.output, session, session.estimators(),
                CountClasses(session.space(), architectures) * options.replicates * options.seeds);

  std::vector<Contender> contenders;
  const auto gather = [&](std::span<const ConfiguredEstimator> estimators, int seeds) {
    const std::size_t first = contenders.size();
    for (const auto& configured : estimators) {
      contenders.push_back({configured.estimator->info().name, {}});
    }
    for (int s = 0; s < seeds; ++s) {
      Progress bar(std::cerr, ProgressOptions::ForStderr(fmt::format("seed {} of {}", s + 1, seeds),
                                                         options.output.quiet));
      const auto scores = session.Score(
          estimators, architectures,
          {options.settings.score_seed + std::uint64_t(s), options.replicates}, Follow(bar));
      for (std::size_t e = 0; e < estimators.size(); ++e) {
        const double sign =
            estimators[e].estimator->info().direction == Direction::kHigherIsBetter ? 1.0 : -1.0;
        std::vector<std::optional<double>> series;
        for (const auto& score : scores[e]) {
          series.push_back(score ? std::optional(sign * *score) : std::nullopt);
        }
        contenders[first + e].scores.push_back(std::move(series));
      }
    }
  };
  gather(session.estimators(), options.seeds);
  gather(baselines, 1);
  std::optional<Contender> rival;
  if (reference) {
    std::vector<std::optional<double>> series;
    for (const Architecture& architecture : architectures) {
      series.push_back(reference->Value(*reference->Row(architecture), reference_column));
    }
    rival = Contender{"reference " + options.reference_column, {std::move(series)}};
    contenders.push_back(*rival);
  }

  std::vector<int> everyone, without_dangling;
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    everyone.push_back(int(i));
    if (space->IsConnected(architectures[i]) && !space->HasDanglingEdges(architectures[i])) {
      without_dangling.push_back(int(i));
    }
  }
  const bool for_people = FormatOf(options.output) == Format::kText;
  ResultTable result(Columns(reference != nullptr, for_people));
  for (std::size_t t = 0; t < columns.size(); ++t) {
    std::vector<double> truths;
    for (const Architecture& architecture : architectures) {
      truths.push_back(std::round(1e6 * *table.Value(*table.Row(architecture), columns[t])) / 1e6);
    }
    for (const auto& [name, members] :
         {std::pair("all", &everyone), std::pair("no-dangling", &without_dangling)}) {
      if (members->size() < 3) continue;
      if (result.rows() > 0) result.AddSeparator();
      for (const Comparison& comparison :
           Compare(contenders, truths, *members, rival ? &*rival : nullptr,
                   Key(options.settings.score_seed, "bootstrap"))) {
        result.AddRow(Row(comparison, options.targets[t], name, rival.has_value(), for_people));
      }
    }
  }
  Print(result, options.output);
  const Evaluator& evaluator = session.evaluator();
  if (evaluator.probes_measured() > 0) {
    Note(options.output,
         fmt::format("{} networks trained, {:.3f} core seconds each", evaluator.probes_measured(),
                     evaluator.probe_seconds() / evaluator.probes_measured()));
  }
}

}  // namespace

void AddCorrelateCommand(CLI::App& app, Environment& environment) {
  auto* command =
      app.add_subcommand("correlate", "Compare estimates with a table of true accuracies");
  auto options = std::make_shared<CorrelateOptions>();
  AddSelection(*command, options->selection);
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--estimator", options->settings.estimators,
                   "what to compare, comma-separated; params, macs, live-weights and "
                   "conv-edges always stand beside")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--table", options->table, "CSV or CSV.gz of truths with a column arch")
      ->required();
  command->add_option("--target", options->targets, "its columns to rank by, comma-separated")
      ->delimiter(',')
      ->required();
  command->add_option("--seed", options->settings.score_seed, "first score seed; and of --sample")
      ->capture_default_str();
  command
      ->add_option("--seeds", options->seeds,
                   "score with so many seeds in turn; figures are means over them")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      ->add_option("--replicates", options->replicates,
                   "mean of so many scores per estimate and seed")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--reference", options->reference,
                      "CSV of other scores on the same cells: the lead in tau over them is printed "
                      "with its paired bootstrap interval");
  command
      ->add_option("--reference-column", options->reference_column,
                   "column of --reference, "
                   "higher being better")
      ->capture_default_str();
  AddStoreOption(*command, options->store);
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "tau is Kendall's tau-b with a 95 % bootstrap interval over cells, rho Spearman's; "
      "tau_top10\n"
      "is tau inside the true best 10 %; precision and regret are of the best 10, 50, 1 %, 10 % "
      "by\n"
      "score. Population no-dangling leaves out cells with operations that reach nothing.\n"
      "With preset fast it hardly matters what is trained on: on the same 300 cells fashion-mnist, "
      "ten\n"
      "classes of CIFAR-100 and noise have tau within .012 of each other.\n"
      "Example:\n"
      "  mote correlate --sample 300 --table accuracy.csv.gz --target cifar10_test_acc_200");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
