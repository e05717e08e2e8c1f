// mote correlate: how well estimates rank, against a table of truths.
#include <iostream>

#include "mote/base/error.h"
#include "mote/cli/chart_files.h"
#include "mote/cli/command.h"
#include "mote/cli/truths.h"
#include "mote/run/class_sample.h"
#include "mote/run/comparison.h"

namespace mote::cli {
namespace {

const std::vector<std::string> kBaselines = {"params", "macs", "live-weights", "conv-edges"};

// What --estimator asks for: `all` are all estimators but those that train on the target to be
// judged on held-out images, and all rankings. The baselines always stand behind.
std::vector<std::string> NamesOf(const std::vector<std::string>& given, const Catalog& catalog) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const std::string& name : given) {
    if (name != "all") {
      add(name);
      continue;
    }
    for (const std::string& each : catalog.estimators.Names()) {
      if (each != "val-accuracy" && each != "early-stop" && each != "sovl") add(each);
    }
    for (const std::string& each : catalog.rankings.Names()) add(each);
  }
  for (const std::string& name : kBaselines) add(name);
  return names;
}

struct CorrelateOptions {
  ScoreSettings settings;
  OutputOptions output;
  TruthOptions truths;
  std::string store;
  int replicates = 1;
  int seeds = 1;
  std::filesystem::path reference;
  std::string reference_column = "mote";
  std::filesystem::path chart;
};

// The chart of one tau per contender and target, over all cells.
class TauBars {
 public:
  explicit TauBars(const std::vector<std::string>& targets) {
    chart_.value_label = "Kendall's tau-b";
    for (const std::string& target : targets)
      chart_.series.push_back({.name = target, .values = {}});
  }

  // Of the next target.
  void Add(const std::vector<Comparison>& comparisons) {
    BarSeries& series = chart_.series[filled_++];
    chart_.groups.clear();
    for (const Comparison& comparison : comparisons) {
      chart_.groups.push_back(comparison.name);
      const double tau = comparison.mean.tau.value_or(0);
      series.values.push_back(tau);
      const auto& interval = comparison.mean.tau_interval;
      series.low.push_back(interval ? interval->low : tau);
      series.high.push_back(interval ? interval->high : tau);
    }
  }

  BarChart Chart(std::string caption) {
    chart_.text = {.title = "How well estimates rank", .caption = std::move(caption)};
    return chart_;
  }

 private:
  BarChart chart_;
  int filled_ = 0;
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
                                 {.name = "tau_top10", .precision = 3},
                                 {.name = "core_s", .unit = "s", .precision = 3}};
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
std::vector<Cell> Row(const Comparison& comparison, std::optional<double> core_seconds,
                      const std::string& target, const std::string& population, bool with_reference,
                      bool for_people) {
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
  row.push_back(CellOf(core_seconds));
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
  options.settings.estimators = NamesOf(options.settings.estimators, environment.catalog);
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  std::unique_ptr<Table> reference;
  int reference_column = 0;
  if (!options.reference.empty()) {
    reference = std::make_unique<Table>(Table::Load(options.reference, *space));
    reference_column = reference->Column(options.reference_column);
  }
  const Truths truths = LoadTruths(options.truths, *space, options.settings.score_seed,
                                   reference.get(), reference_column);
  const std::vector<Architecture>& architectures = truths.architectures;

  Session session(environment.catalog, options.settings, environment.stop);
  OpenStore(session, options.store);
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  Note(options.output, fmt::format("population: {}; {} of them have all values", truths.population,
                                   architectures.size()));
  PrintForecast(options.output, session, session.estimators(),
                CountClasses(session.space(), architectures) * options.replicates * options.seeds);

  std::vector<Contender> contenders;
  for (const AskedScore& asked : session.asked()) contenders.push_back({asked.name, {}});
  std::vector<double> core_seconds(contenders.size());
  for (int seed = 0; seed < options.seeds; ++seed) {
    Progress bar(std::cerr,
                 ProgressOptions::ForStderr(fmt::format("seed {} of {}", seed + 1, options.seeds),
                                            options.output.quiet));
    const auto scores = Combine(
        session.asked(), session.estimators(),
        session.Score(session.estimators(), architectures,
                      {options.settings.score_seed + std::uint64_t(seed), options.replicates},
                      Follow(bar)));
    bar.Finish();
    const std::vector<double>& seconds = session.evaluator().seconds_per_job();
    for (std::size_t c = 0; c < contenders.size(); ++c) {
      const AskedScore& asked = session.asked()[c];
      const double sign = asked.info.direction == Direction::kHigherIsBetter ? 1.0 : -1.0;
      std::vector<std::optional<double>> series;
      for (const auto& score : scores[c]) {
        series.push_back(score ? std::optional(sign * *score) : std::nullopt);
      }
      contenders[c].scores.push_back(std::move(series));
      for (int e : asked.members) core_seconds[c] += seconds[e] / options.seeds;
    }
  }
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
  TauBars bars(options.truths.targets);
  for (std::size_t t = 0; t < truths.values.size(); ++t) {
    for (const auto& [name, members] :
         {std::pair("all", &everyone), std::pair("no-dangling", &without_dangling)}) {
      if (members->size() < 3) continue;
      if (result.rows() > 0) result.AddSeparator();
      const auto comparisons =
          Compare(contenders, truths.values[t], *members, rival ? &*rival : nullptr,
                  Key(options.settings.score_seed, "bootstrap"));
      if (members == &everyone) bars.Add(comparisons);
      for (std::size_t c = 0; c < comparisons.size(); ++c) {
        const auto cost = c < core_seconds.size() ? std::optional(core_seconds[c]) : std::nullopt;
        result.AddRow(Row(comparisons[c], cost, options.truths.targets[t], name, rival.has_value(),
                          for_people));
      }
    }
  }
  Print(result, options.output);
  if (!options.chart.empty()) {
    WriteChart(bars.Chart(fmt::format("{}, {} cells, {}", truths.population, architectures.size(),
                                      session.dataset().Describe())),
               options.chart, options.output);
  }
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
  AddTruthOptions(*command, options->truths);
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--estimator", options->settings.estimators,
                   "what to compare, comma-separated, estimators and rankings (mote list); all: "
                   "every one of them; params, macs, live-weights and conv-edges always stand "
                   "beside")
      ->delimiter(',')
      ->capture_default_str();
  AddAggregateOption(*command, options->settings);
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
  command->add_option("--chart", options->chart,
                      "also draw tau of all estimators: FILE.csv, and by gnuplot FILE.svg and "
                      "FILE.png");
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
