// mote resume: go on with a search after a stop.
#include <algorithm>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/cli/run_folder.h"

namespace mote::cli {

void AddResumeCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("resume", "Go on with a search that was stopped or killed");
  struct ResumeOptions {
    std::filesystem::path folder;
    int workers = -1;
    CLI::Option* isa = nullptr;
    OutputOptions output;
  };
  auto options = std::make_shared<ResumeOptions>();
  command->add_option("run", options->folder, "run folder of the search")->required();
  command
      ->add_option("--workers", options->workers,
                   "networks trained at once; the result does not depend on it")
      ->check(CLI::Range(0, 1024));
  options->isa = AddIsaOption(*command)->description(
      "go on with this instruction set; what another one measured is then measured again");
  command->add_option("--format", options->output.format, "how to print: table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
  command->add_flag("--quiet,-q", options->output.quiet, "no progress, forecast or notes");
  command->footer("Example:\n  mote resume runs/photos");
  command->callback([=, &environment] {
    const std::filesystem::path config = FindConfig(options->folder);
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
    if (options->isa->count() > 0) {
      arguments.insert(arguments.end(), {"--isa", options->isa->as<std::string>()});
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
