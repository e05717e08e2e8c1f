// mote search: find a good architecture.
#include <fmt/ranges.h>

#include <iostream>

#include "mote/backends/cpu_engine.h"
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/command.h"
#include "mote/cli/run_folder.h"
#include "mote/cli/search_result.h"
#include "mote/report/cell_svg.h"
#include "mote/run/experiment.h"
#include "mote/run/method.h"

namespace mote::cli {
namespace {

struct SearchOptions {
  SearchSettings settings;
  OutputOptions output;  // out: the run folder
  std::string method;
  std::vector<std::string> estimators = {"mote"};
  std::string by = "score";
  std::string evaluate = "none";
  std::string store;
  std::vector<std::string> targets;
  std::int64_t max_params = 0;
  std::int64_t max_macs = 0;
};

SearchSettings Resolve(const SearchOptions& options, const std::filesystem::path& folder) {
  SearchSettings settings = options.settings;
  settings.score.estimators = options.estimators;
  settings.purpose = options.by == "accuracy" ? Purpose::kJudge : Purpose::kScore;
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

// An option as the run folder keeps it.
void Keep(CLI::App& command, const std::string& option_name,
          const std::vector<std::string>& values) {
  CLI::Option* option = command.get_option(option_name);
  option->clear();
  for (const std::string& value : values) option->add_result(value);
}

// Files by absolute paths, so that they are found again from any folder. A name such as "noise" is
// no path and stays.
void MakeAbsolute(CLI::App& command, const std::string& option_name, const Catalog& catalog) {
  std::vector<std::string> values = command.get_option(option_name)->results();
  for (std::string& given : values) {
    const bool is_name = given == "none" || catalog.datasets.Contains(given);
    const bool is_path =
        !given.empty() && !is_name && (option_name == "--store" || std::filesystem::exists(given));
    if (is_path) given = std::filesystem::absolute(given).string();
  }
  if (!values.empty()) Keep(command, option_name, values);
}

// What the user left open is as the method has it; --set of the user's stands above the method's.
void FollowMethod(CLI::App& command, SearchOptions& options) {
  if (options.method.empty()) return;
  const Method& method = FindMethod(options.method);
  SearchSettings& settings = options.settings;
  const auto follow = [&](const char* name, auto& variable, const auto& value) {
    if (command.get_option(name)->count() == 0) variable = value;
    std::vector<std::string> values;
    if constexpr (std::is_same_v<std::decay_t<decltype(variable)>, std::vector<std::string>>) {
      values = variable;
    } else {
      values = {fmt::format("{}", variable)};
    }
    Keep(command, name, values);
  };
  follow("--strategy", settings.strategy, method.strategy);
  follow("--estimator", options.estimators, method.estimators);
  follow("--by", options.by, std::string(method.purpose == Purpose::kJudge ? "accuracy" : "score"));
  follow("--finalists", settings.finals.finalists, method.finals.finalists);
  follow("--replicates", settings.finals.replicates, method.finals.replicates);
  follow("--judged", settings.finals.judged, method.finals.judged);
  follow("--join-score", settings.finals.joined, method.finals.joined);
  follow("--evaluate", options.evaluate,
         std::string(!method.judges()          ? "none"
                     : settings.tables.empty() ? "train"
                                               : "table"));
  std::vector<std::string>& set = settings.score.set;
  set.insert(set.begin(), method.set.begin(), method.set.end());
  Keep(command, "--set", set);
  // The run folder has all that it means.
  options.method.clear();
  command.get_option("--method")->clear();
}

// The same for files that components are given by --set.
void MakeSetAbsolute(CLI::App& command, std::vector<std::string>& set, const Catalog& catalog) {
  if (set.empty()) return;
  set = WithAbsolutePaths(catalog, std::move(set));
  CLI::Option* option = command.get_option("--set");
  option->clear();
  option->add_result(set);
}

void Run(const SearchOptions& options, const std::string& config, Environment& environment) {
  const bool resuming = !environment.resume.empty();
  const std::filesystem::path folder = resuming                     ? environment.resume
                                       : options.output.out.empty() ? NewRunFolder()
                                                                    : options.output.out;
  const SearchSettings settings = Resolve(options, folder);
  if (!options.targets.empty() && settings.tables.empty()) {
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
    WriteConfig(folder, config);
  }

  Session& session = experiment.session();
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  for (const std::string& note : session.dataset().notes()) Note(options.output, "  " + note);
  Note(options.output,
       fmt::format("strategy {}, {}, preset {}, backend {}", settings.strategy,
                   experiment.goes_by_accuracy()
                       ? "by accuracy"
                       : fmt::format("estimator {}", fmt::join(options.estimators, ", ")),
                   settings.score.preset, session.backend().traits().name));
  if (experiment.table()) {
    Note(options.output, fmt::format("only the {} architectures of table {} are proposed",
                                     experiment.table()->rows(), experiment.table()->name()));
  }
  PrintForecast(options.output, session, {&experiment.objective(), 1},
                experiment.expected_requests());

  const Direction direction = experiment.utility_direction();
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
        bar.SetNote(fmt::format("best {:.4f} {}", ScoreOf(*status.best, direction),
                                status.best->architecture.text()));
      }
      bar.Advance(status.requests_done - done);
      done = status.requests_done;
    });
  }
  if (result.ranking.empty()) {
    Note(options.output,
         "stopped before there was anything to rank; go on with: mote resume " + folder.string());
    environment.exit_code = kExitInterrupted;
    return;
  }
  if (result.finished) {
    WriteFileAtomically(folder / "history.csv", HistoryCsv(result, experiment));
    WriteFileAtomically(folder / "result.json", ResultJson(result, experiment));
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
    PrintText(Story(result, experiment, options.targets, folder), to_stdout);
  } else {
    Print(Finalists(result, experiment, options.targets, result.architectures), to_stdout);
  }
}

}  // namespace

void AddSearchCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("search", "Find a good architecture on your images");
  auto options = std::make_shared<SearchOptions>();
  SearchSettings& settings = options->settings;
  AddScoreOptions(*command, settings.score);
  command->add_option("--method", options->method,
                      "a published way of searching (mote list methods): sets what is not given of "
                      "--strategy, --estimator, --by, --evaluate, --judged, --finalists, "
                      "--replicates, --join-score and --set");
  command->add_option("--strategy", settings.strategy, "how to search (mote list strategies)")
      ->capture_default_str();
  command
      ->add_option("--estimator", options->estimators,
                   "what to search by; some strategies take several, comma-separated")
      ->delimiter(',')
      ->default_str("mote");
  command
      ->add_option("--by", options->by,
                   "what the strategy goes by: score, the estimator's, or accuracy, every one "
                   "judged as --evaluate says")
      ->check(CLI::IsMember({"score", "accuracy"}))
      ->capture_default_str();
  command->add_option("--seed", settings.seed, "of the proposals")->capture_default_str();
  command
      ->add_option("--score-seed", settings.score.score_seed,
                   "of weights, batches and drawn images")
      ->capture_default_str();
  command
      ->add_option("--finalists", settings.finals.finalists,
                   "how many of the best are scored again with other seeds")
      ->check(CLI::Range(0, 10000))
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
  command
      ->add_flag("--join-score,!--no-join-score", settings.finals.joined,
                 "the judged rank by score and accuracy, not by accuracy alone")
      ->capture_default_str();
  command
      ->add_option("--table", settings.tables,
                   "CSV of truths with a column arch; only its rows are then proposed; several, "
                   "comma-separated, are joined")
      ->delimiter(',');
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
    if (!environment.resume.empty()) RequireEveryOption(*command, environment.resume);
    // A configuration file has "" for an empty list.
    std::erase(options->targets, "");
    std::erase(options->settings.score.set, "");
    std::erase(options->settings.tables, std::filesystem::path());
    FollowMethod(*command, *options);
    for (const char* path : {"--data", "--table", "--store"}) {
      MakeAbsolute(*command, path, environment.catalog);
    }
    MakeSetAbsolute(*command, options->settings.score.set, environment.catalog);
    // So that the run is gone on with where it was begun: on another machine with the same
    // instruction set, or not unasked.
    Keep(*command, "--isa", {EngineIsa()});
    Run(*options, command->config_to_str(true, false), environment);
  });
}

}  // namespace mote::cli
