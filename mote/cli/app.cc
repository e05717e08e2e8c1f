// The program's commands and options, and what it says of itself.
#include "mote/base/cpu.h"
#include "mote/cli/command.h"
#include "mote/cli/config_file.h"
#include "mote/record/provenance.h"

namespace mote::cli {
namespace {

std::string VersionText(const Catalog& catalog) {
  const Provenance provenance = BuildProvenance();
  std::string backends;
  for (const std::string& name : catalog.backends.Names()) {
    const auto traits = MakeBackend(catalog, name, "cpu", {})->traits();
    backends += fmt::format("{}{}@{}", backends.empty() ? "" : ", ", name, traits.version);
  }
  return fmt::format("mote {} ({})\ncompiler {}\ninstruction set {}\nbackends {}",
                     provenance.version, provenance.commit, provenance.compiler, InstructionSet(),
                     backends);
}

constexpr const char* kFirstSteps =
    "Three commands to start with:\n"
    "  mote search                       find a good cell on Fashion-MNIST, in minutes\n"
    "  mote search --data FOLDER         the same on your own images: FOLDER/<class>/*.jpg\n"
    "  mote score --sample 20            estimate 20 random cells\n\n"
    "mote COMMAND --help explains a command.\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 141 nobody reads\n"
    "the output.";

}  // namespace

std::unique_ptr<CLI::App> MakeApp(Environment& environment) {
  auto app = std::make_unique<CLI::App>(
      "mote finds good convolutional networks without training thousands to the end (MOTE-NAS).",
      "mote");
  app->footer(kFirstSteps);
  app->set_version_flag("--version", [&environment] { return VersionText(environment.catalog); });
  app->config_formatter(std::make_shared<ConfigFile>());
  app->set_config("--config", "", "TOML file of options: a section per command, flags as keys");
  app->allow_config_extras(CLI::config_extras_mode::error);
  app->require_subcommand(0, 1);
  app->fallthrough();
  AddSearchCommand(*app, environment);
  AddResumeCommand(*app, environment);
  AddRunsCommand(*app, environment);
  AddStatusCommand(*app, environment);
  AddReportCommand(*app, environment);
  AddVerifyCommand(*app, environment);
  AddScoreCommand(*app, environment);
  AddCorrelateCommand(*app, environment);
  AddStudyCommand(*app, environment);
  AddLandscapeCommand(*app, environment);
  AddShowCommand(*app, environment);
  AddExportCommand(*app);
  AddListCommand(*app, environment);
  AddDoctorCommand(*app, environment);
  AddCalibrateCommand(*app, environment);
  AddCompareCommand(*app, environment);
  AddReplayCommand(*app, environment);
  AddTableCommand(*app, environment);
  AddPlanCommand(*app, environment);
  AddBenchCommand(*app, environment);
  for (CLI::App* command : app->get_subcommands({})) command->fallthrough();
  return app;
}

}  // namespace mote::cli
