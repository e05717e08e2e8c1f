// mote score: estimates of given architectures.
#include <iostream>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/class_sample.h"

namespace mote::cli {
namespace {

struct ScoreOptions {
  ScoreSettings settings;
  OutputOptions output;
  Selection selection;
  std::string store;
  int replicates = 1;
  std::filesystem::path table;
  std::vector<std::string> targets;
};

void Run(const ScoreOptions& given, Environment& environment) {
  ScoreOptions options = given;
  CheckOutput(options.output);
  options.settings.store = StorePath(options.store);
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  std::unique_ptr<Table> table;
  if (!options.table.empty()) table = std::make_unique<Table>(Table::Load(options.table, *space));
  if (!table && !options.targets.empty()) {
    Throw(ErrorCode::kInvalidArgument, "--target needs a table: give --table FILE");
  }
  std::vector<int> target_columns;
  for (const std::string& target : options.targets) target_columns.push_back(table->Column(target));
  std::string population;
  const auto architectures =
      Select(options.selection, *space, table.get(), options.settings.score_seed, population);

  Session session(environment.catalog, options.settings, environment.stop);
  OpenStore(session, options.store);
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  for (const std::string& note : session.dataset().notes()) Note(options.output, "  " + note);
  Note(options.output, "scoring " + population);
  PrintForecast(options.output, session, session.estimators(),
                CountClasses(session.space(), architectures) * options.replicates);
  Progress bar(std::cerr, ProgressOptions::ForStderr("scoring", options.output.quiet));
  const auto scores =
      Combine(session.asked(), session.estimators(),
              session.Score(session.estimators(), architectures,
                            {options.settings.score_seed, options.replicates}, Follow(bar)));
  bar.Finish();

  std::vector<Column> columns = {{.name = "arch"}};
  for (const AskedScore& asked : session.asked()) {
    const EstimatorInfo& info = asked.info;
    columns.push_back(
        {.name = asked.name,
         .unit = info.unit,
         .precision = info.cost == CostClass::kFree ? 0 : 4,
         .best = info.direction == Direction::kHigherIsBetter ? Best::kHighest : Best::kLowest});
  }
  for (const std::string& target : options.targets) {
    columns.push_back({.name = target, .precision = 4});
  }
  ResultTable result(std::move(columns));
  int failed = 0;
  std::string first_failure;
  for (std::size_t a = 0; a < architectures.size(); ++a) {
    std::vector<Cell> row = {architectures[a].text()};
    for (const auto& of_estimator : scores) {
      if (of_estimator[a]) {
        row.emplace_back(*of_estimator[a]);
      } else {
        row.emplace_back();
        if (failed++ == 0) first_failure = of_estimator[a].failure().message;
      }
    }
    for (int column : target_columns) {
      const auto found = table->Row(architectures[a]);
      const auto value = found ? table->Value(*found, column) : std::nullopt;
      row.push_back(CellOf(value));
    }
    result.AddRow(std::move(row));
  }
  Print(result, options.output);
  if (failed > 0) {
    Note(options.output, fmt::format("{} value{} failed and left empty; the first: {}", failed,
                                     failed == 1 ? "" : "s", first_failure));
  }
}

}  // namespace

void AddScoreCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("score", "Estimate how good architectures are");
  auto options = std::make_shared<ScoreOptions>();
  AddSelection(*command, options->selection);
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--estimator", options->settings.estimators,
                   "what to read off, comma-separated (mote list estimators)")
      ->delimiter(',')
      ->capture_default_str();
  AddAggregateOption(*command, options->settings);
  command
      ->add_option("--seed", options->settings.score_seed,
                   "of weights, batches and drawn images; and of --sample")
      ->capture_default_str();
  command->add_option("--replicates", options->replicates, "mean of so many seeds per estimate")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--table", options->table, "CSV of truths with a column arch");
  command->add_option("--target", options->targets, "columns of it to print beside the scores")
      ->delimiter(',');
  AddStoreOption(*command, options->store);
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "Example:\n"
      "  mote score --arch 333333 '|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|none~1|"
      "nor_conv_1x1~2|'\n"
      "  mote score --sample 100 --estimator mote,tse,params --format csv --out scores.csv");
  command->callback([options, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
