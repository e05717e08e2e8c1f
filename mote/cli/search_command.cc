// mote search and mote resume: find a good architecture; go on after a stop.
#include <fmt/chrono.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/command.h"
#include "mote/report/cell_svg.h"
#include "mote/run/experiment.h"

namespace mote::cli {
namespace {

constexpr const char* kConfigFile = "config.toml";
// The last line of a whole configuration file.
constexpr std::string_view kConfigEnd = "# end\n";

struct SearchOptions {
  SearchSettings settings;
  OutputOptions output;  // out: the run folder
  std::string estimator = "mote";
  std::string evaluate = "none";
  std::string store;
  std::vector<std::string> targets;
  std::int64_t max_params = 0;
  std::int64_t max_macs = 0;
};

// runs/<date>-search, with a number appended if that is taken.
std::filesystem::path NewRunFolder() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string base = fmt::format("runs/{:%Y-%m-%d-%H%M%S}-search",
                                       fmt::localtime(std::chrono::system_clock::to_time_t(now)));
  std::filesystem::path folder = base;
  for (int i = 2; std::filesystem::exists(folder); ++i) folder = fmt::format("{}-{}", base, i);
  return folder;
}

SearchSettings Resolve(const SearchOptions& options, const std::filesystem::path& folder) {
  SearchSettings settings = options.settings;
  settings.score.estimators = {options.estimator};
  settings.score.store = options.store == "none" ? std::filesystem::path()
                         : options.store.empty() ? folder / "store.sqlite"
                                                 : std::filesystem::path(options.store);
  if (options.evaluate == "train") settings.judging = Judging::kTrain;
  if (options.evaluate == "table") settings.judging = Judging::kTable;
  if (settings.judging == Judging::kTable && settings.judge_column.empty()) {
    if (options.targets.empty()) {
      Throw(ErrorCode::kInvalidArgument,
            "--evaluate table needs the column to judge by: give --judge COLUMN");
    }
    settings.judge_column = options.targets.front();
  }
  if (options.max_params > 0) settings.limits.max_params = options.max_params;
  if (options.max_macs > 0) settings.limits.max_macs = options.max_macs;
  return settings;
}

// So that the run is found again from any folder. A name such as "noise" is no path and stays.
void MakeAbsolute(CLI::App& command, const std::string& option_name, const Catalog& catalog) {
  CLI::Option* option = command.get_option(option_name);
  if (option->count() == 0) return;
  const std::string given = option->results().front();
  const bool is_name = given == "none" || catalog.datasets.Contains(given);
  const bool is_path =
      !given.empty() && !is_name && (option_name == "--store" || std::filesystem::exists(given));
  if (!is_path) return;
  option->clear();
  option->add_result(std::filesystem::absolute(given).string());
}

// A folder that holds a run already is never written over.
void RefuseUsedFolder(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / kConfigFile)) return;
  Throw(ErrorCode::kInvalidArgument,
        "'{}' holds a run already; go on with `mote resume {}` or choose another --out",
        folder.string(), folder.string());
}

std::string Signed(double utility, bool higher_is_better) {
  return fmt::format("{:.4f}", higher_is_better ? utility : -utility);
}

// The finalists (or the best of a stopped run), one row each.
ResultTable Finalists(const SearchResult& result, Experiment& experiment,
                      const SearchOptions& options, int rows) {
  Session& session = experiment.session();
  const EstimatorInfo info = experiment.objective().estimator->info();
  const Dataset& dataset = session.dataset();
  const Task task = TaskOf(dataset);
  std::vector<Column> columns = {{.name = "rank"},
                                 {.name = "arch"},
                                 {.name = info.name, .precision = 4},
                                 {.name = "replicates"}};
  bool judged = false;
  for (const Ranked& ranked : result.ranking) judged = judged || ranked.judged;
  if (judged) columns.push_back({.name = "judged_accuracy", .precision = 4});
  columns.push_back({.name = "params"});
  columns.push_back({.name = "macs"});
  for (const std::string& target : options.targets) {
    columns.push_back({.name = target, .precision = 4});
  }
  ResultTable table(columns);
  for (int i = 0; i < std::min(rows, int(result.ranking.size())); ++i) {
    const Ranked& ranked = result.ranking[i];
    const Cost cost = DeployedCost(session.space(), ranked.architecture, task);
    const double value =
        info.direction == Direction::kHigherIsBetter ? ranked.utility : -ranked.utility;
    std::vector<Cell> row = {std::int64_t(i + 1), ranked.architecture.text(), value,
                             std::int64_t(ranked.replicates)};
    if (judged) row.push_back(ranked.judged ? Cell(*ranked.judged) : Cell());
    row.emplace_back(cost.params);
    row.emplace_back(cost.macs);
    for (const std::string& target : options.targets) {
      const auto found = experiment.table()->Row(ranked.architecture);
      const auto truth = found
                             ? experiment.table()->Value(*found, experiment.table()->Column(target))
                             : std::nullopt;
      row.push_back(truth ? Cell(*truth) : Cell());
    }
    table.AddRow(std::move(row));
  }
  return table;
}

nlohmann::ordered_json ResultJson(const SearchResult& result, Experiment& experiment) {
  nlohmann::ordered_json json;
  json["mote"] = {{"format", 1}, {"version", BuildProvenance().version}};
  json["finished"] = result.finished;
  json["architectures"] = result.architectures;
  const EstimatorInfo info = experiment.objective().estimator->info();
  const bool higher = info.direction == Direction::kHigherIsBetter;
  json["estimator"] = {{"name", info.name},
                       {"preset", experiment.session().preset().name},
                       {"direction", higher ? "higher is better" : "lower is better"}};
  json["provenance"] = experiment.session().provenance().ToJson();
  if (result.sureness) json["winner_stays_first"] = result.sureness->first;
  json["ranking"] = nlohmann::ordered_json::array();
  for (const Ranked& ranked : result.ranking) {
    nlohmann::ordered_json row = {{"arch", ranked.architecture.text()},
                                  {"score", higher ? ranked.utility : -ranked.utility},
                                  {"replicates", ranked.replicates}};
    if (ranked.judged) row["judged_accuracy"] = *ranked.judged;
    json["ranking"].push_back(std::move(row));
  }
  return json;
}

// What a person sees at the end.
std::string Story(const SearchResult& result, Experiment& experiment, const SearchOptions& options,
                  const std::filesystem::path& folder) {
  Session& session = experiment.session();
  const EstimatorInfo info = experiment.objective().estimator->info();
  const Ranked& best = result.ranking.front();
  const Dataset& dataset = session.dataset();
  const Task task = TaskOf(dataset);
  const Cost cost = DeployedCost(session.space(), best.architecture, task);
  std::string text =
      fmt::format("{} of {} architectures scored\n\n",
                  result.finished ? "best" : "stopped; best so far", result.architectures);
  text += session.space().Draw(best.architecture) + "\n";
  text += fmt::format("{}\n", best.architecture.text());
  text += fmt::format(
      "{} {} ({}, mean of {} replicate{}), {}\n", info.name,
      Signed(best.utility, info.direction == Direction::kHigherIsBetter), session.preset().name,
      best.replicates, best.replicates == 1 ? "" : "s",
      info.direction == Direction::kHigherIsBetter ? "higher is better" : "lower is better");
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
  Finalists(result, experiment, options, 10).Write(rows, Format::kText, style);
  text += "\n" + rows.str();
  if (result.probes_measured > 0) {
    text += fmt::format("\n{} networks trained, {:.3f} core seconds each\n", result.probes_measured,
                        result.probe_seconds / result.probes_measured);
  }
  if (result.finished) {
    text += fmt::format("\nrun folder {} (result.json, cell.svg, {}, store.sqlite)\n",
                        folder.string(), kConfigFile);
  } else {
    text += fmt::format("\ngo on with: mote resume {}\n", folder.string());
  }
  return text;
}

void Run(const SearchOptions& options, const std::string& config, Environment& environment) {
  const bool resuming = !environment.resume.empty();
  const std::filesystem::path folder = resuming                     ? environment.resume
                                       : options.output.out.empty() ? NewRunFolder()
                                                                    : options.output.out;
  const SearchSettings settings = Resolve(options, folder);
  if (!options.targets.empty() && settings.table.empty()) {
    Throw(ErrorCode::kInvalidArgument, "--target needs a table: give --table FILE");
  }
  if (!resuming) RefuseUsedFolder(folder);
  Experiment experiment(environment.catalog, settings, environment.stop);
  for (const std::string& target : options.targets) experiment.table()->Column(target);
  // Nothing is written before all the rest is known to be well.
  experiment.session().OpenStore();
  if (!resuming) {
    // Again: the store's lock is ours only now, and another search may have begun meanwhile.
    RefuseUsedFolder(folder);
    WriteFileAtomically(folder / kConfigFile, config);
  }

  Session& session = experiment.session();
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  for (const std::string& note : session.dataset().notes()) Note(options.output, "  " + note);
  Note(options.output,
       fmt::format("strategy {}, estimator {}, preset {}, backend {}", settings.strategy,
                   options.estimator, settings.score.preset, session.backend().traits().name));
  if (experiment.table()) {
    Note(options.output, fmt::format("only the {} architectures of table {} are proposed",
                                     experiment.table()->rows(), experiment.table()->name()));
  }
  PrintForecast(options.output, session, {&experiment.objective(), 1},
                experiment.expected_requests());

  const bool higher =
      experiment.objective().estimator->info().direction == Direction::kHigherIsBetter;
  SearchResult result;
  {
    Progress bar(std::cerr, ProgressOptions::ForStderr("searching", options.output.quiet));
    int done = 0;
    int expected = 0;
    result = experiment.Run([&](const SearchStatus& status) {
      if (status.requests_expected != expected) {
        expected = status.requests_expected;
        bar.SetTotal(expected);
      }
      if (status.best) {
        bar.SetNote(fmt::format("best {} {}", Signed(status.best->utility, higher),
                                status.best->architecture.text()));
      }
      bar.Advance(status.requests_done - done);
      done = status.requests_done;
    });
  }
  if (result.ranking.empty()) {
    Note(options.output,
         "stopped before anything was scored; go on with: mote resume " + folder.string());
    environment.exit_code = kExitInterrupted;
    return;
  }
  if (result.finished) {
    WriteFileAtomically(folder / "result.json", ResultJson(result, experiment).dump(2) + "\n");
    const Ranked& best = result.ranking.front();
    WriteFileAtomically(folder / "cell.svg",
                        CellSvg(session.space(), best.architecture, {best.architecture.text()}));
  } else {
    environment.exit_code = kExitInterrupted;
    if (FormatOf(options.output) != Format::kText) {  // the story says it itself
      Note(options.output, "stopped; go on with: mote resume " + folder.string());
    }
  }
  OutputOptions to_stdout = options.output;
  to_stdout.out.clear();  // --out is the run folder
  if (FormatOf(options.output) == Format::kText) {
    PrintText(Story(result, experiment, options, folder), to_stdout);
  } else {
    Print(Finalists(result, experiment, options, result.architectures), to_stdout);
  }
}

}  // namespace

void AddSearchCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("search", "Find a good architecture on your images");
  auto options = std::make_shared<SearchOptions>();
  SearchSettings& settings = options->settings;
  AddScoreOptions(*command, settings.score);
  command->add_option("--strategy", settings.strategy, "how to search (mote list strategies)")
      ->capture_default_str();
  command->add_option("--estimator", options->estimator, "what to search by")
      ->capture_default_str();
  command->add_option("--seed", settings.seed, "of the proposals")->capture_default_str();
  command
      ->add_option("--score-seed", settings.score.score_seed,
                   "of weights, batches and drawn images")
      ->capture_default_str();
  command
      ->add_option("--finalists", settings.finals.finalists,
                   "how many of the best are scored again with other seeds")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_option("--replicates", settings.finals.replicates, "scores of a finalist in all")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--evaluate", options->evaluate,
                   "how the best k are judged: none, train (on the data's validation split) or "
                   "table")
      ->check(CLI::IsMember({"none", "train", "table"}))
      ->capture_default_str();
  command->add_option("-k,--judged", settings.finals.judged, "how many are judged")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command->add_option("--table", settings.table,
                      "CSV of truths with a column arch; only its rows are then proposed");
  command->add_option("--judge", settings.judge_column,
                      "column of the table to judge by; default: the first --target");
  command->add_option("--target", options->targets, "columns of the table to print beside")
      ->delimiter(',');
  command
      ->add_option("--max-params", options->max_params,
                   "propose no network with more parameters; 0: any")
      ->check(CLI::Range(std::int64_t(0), std::int64_t(1) << 60))
      ->capture_default_str();
  command
      ->add_option("--max-macs", options->max_macs,
                   "propose no network with more multiply-adds; 0: any")
      ->check(CLI::Range(std::int64_t(0), std::int64_t(1) << 60))
      ->capture_default_str();
  command->add_option("--store", options->store,
                      "SQLite file of results, to share scores between runs; default: in the run "
                      "folder; none: keep nothing");
  AddOutputOptions(*command, options->output, "run folder; default: runs/<date>-search");
  command->footer(
      "Limits hold for the benchmark's 15-cell network on your images, dead operations left out.\n"
      "Ctrl-C stops cleanly; `mote resume RUN` ends as if it had never stopped.\n"
      "Example:\n"
      "  mote search --data photos/ --max-params 500000 --out runs/photos");
  command->callback([=, &environment] {
    // A configuration file has "" for an empty list.
    std::erase(options->targets, "");
    std::erase(options->settings.score.set, "");
    for (const char* path : {"--data", "--table", "--store"}) {
      MakeAbsolute(*command, path, environment.catalog);
    }
    Run(*options, fmt::format("[search]\n{}{}", command->config_to_str(true, false), kConfigEnd),
        environment);
  });
}

void AddResumeCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("resume", "Go on with a search that was stopped or killed");
  struct ResumeOptions {
    std::filesystem::path folder;
    int workers = -1;
    OutputOptions output;
  };
  auto options = std::make_shared<ResumeOptions>();
  command->add_option("run", options->folder, "run folder of the search")->required();
  command
      ->add_option("--workers", options->workers,
                   "networks trained at once; the result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_option("--format", options->output.format, "how to print: table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
  command->add_flag("--quiet,-q", options->output.quiet, "no progress, forecast or notes");
  command->footer("Example:\n  mote resume runs/photos");
  command->callback([=, &environment] {
    const auto config = options->folder / kConfigFile;
    if (!std::filesystem::exists(config)) {
      Throw(ErrorCode::kNotFound,
            "'{}' holds no run: there is no {}; `mote search --out {}` "
            "begins one",
            options->folder.string(), kConfigFile, options->folder.string());
    }
    if (!ReadFile(config).ends_with(kConfigEnd)) {
      Throw(ErrorCode::kCorrupt,
            "'{}' is damaged: its end is missing; restore it or begin a new "
            "run",
            config.string());
    }
    Environment inner{.catalog = environment.catalog,
                      .stop = environment.stop,
                      .exit_code = 0,
                      .resume = options->folder};
    auto inner_app = MakeApp(inner);
    // Arguments stand above the file; CLI11 takes them in reverse.
    std::vector<std::string> arguments = {"--config", config.string(), "search"};
    if (options->workers >= 0) {
      arguments.insert(arguments.end(), {"--workers", std::to_string(options->workers)});
    }
    arguments.insert(arguments.end(), {"--format", options->output.format});
    if (options->output.quiet) arguments.emplace_back("--quiet");
    std::reverse(arguments.begin(), arguments.end());
    try {
      inner_app->parse(arguments);
    } catch (const CLI::ParseError& error) {
      Throw(ErrorCode::kCorrupt, "'{}' is damaged: {}; restore it or begin a new run",
            config.string(), error.what());
    } catch (const Error& error) {
      // The words of the file, not of the user.
      if (error.code() != ErrorCode::kInvalidArgument) throw;
      Throw(ErrorCode::kCorrupt, "'{}' cannot be gone on with: {}", config.string(), error.what());
    }
    environment.exit_code = inner.exit_code;
  });
}

}  // namespace mote::cli
