// mote study: questions of the paper and its slides, answered by measuring.
#include "mote/cli/study_command.h"

namespace mote::cli {

void AddStudyCommand(CLI::App& app, Environment& environment) {
  auto* study =
      app.add_subcommand("study", "Measure what the MOTE slides claim, as tables and figures");
  study->require_subcommand(1);
  AddDriftStudy(*study, environment);
  AddReductionStudy(*study, environment);
}

}  // namespace mote::cli
