// mote replay: the published search on published scores, hundreds of times in seconds.
#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/replay.h"

namespace mote::cli {
namespace {

struct ReplayOptions {
  std::string space = "nasbench201";
  std::filesystem::path scores;
  std::filesystem::path table;
  ReplayColumns columns;
  ReplaySetting setting;
  int runs = 400;
  std::uint64_t seed = 0;
  OutputOptions output;
};

void Run(const ReplayOptions& options, Environment& environment) {
  CheckOutput(options.output);
  const auto space = environment.catalog.spaces.Create(options.space, {});
  const Table scores = Table::Load(options.scores, *space);
  const Table truths = Table::Load(options.table, *space);
  const ReplayResult replayed =
      Replay(*space, scores, truths, options.columns, options.setting, options.runs, options.seed);
  ResultTable table({{.name = "k"},
                     {.name = "iterations"},
                     {.name = "parents", .precision = 2},
                     {.name = "runs"},
                     {.name = "target"},
                     {.name = "mean", .precision = 4},
                     {.name = "sd", .precision = 4},
                     {.name = "cost", .unit = "s", .precision = 0},
                     {.name = "pool", .precision = 1}});
  table.AddRow({std::int64_t(options.setting.judged), std::int64_t(options.setting.iterations),
                options.setting.parent_share, std::int64_t(options.runs), options.columns.target,
                replayed.mean, replayed.sd, replayed.cost_seconds, replayed.pool});
  Print(table, options.output);
}

}  // namespace

void AddReplayCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand(
      "replay", "Replay the published MOTE-NAS search on stored scores, many times over");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("--space", options->space, "search space")->capture_default_str();
  command->add_option("--scores", options->scores, "CSV of scores with a column arch")->required();
  command->add_option("--score-column", options->columns.score, "of --scores")
      ->capture_default_str();
  command->add_option("--seconds-column", options->columns.score_seconds, "cost of a score")
      ->capture_default_str();
  command->add_option("--table", options->table, "CSV of accuracies with a column arch")
      ->required();
  command->add_option("--judge", options->columns.judge, "column that picks among the k finalists")
      ->capture_default_str();
  command->add_option("--judge-seconds", options->columns.judge_seconds, "cost of a judgement")
      ->capture_default_str();
  command->add_option("--target", options->columns.target, "column read once, for the winner")
      ->capture_default_str();
  command->add_option("-k,--judged", options->setting.judged, "finalists; 0: evaluation-free")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command->add_option("--iterations", options->setting.iterations, "generations")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--parents", options->setting.parent_share, "share of the pool")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--runs", options->runs, "searches")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "of the first run's proposals")
      ->capture_default_str();
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "Example:\n  mote replay --scores mote_reference.csv.gz --table accuracy.csv.gz -k 20 "
      "--iterations 30");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
