// The studies of `mote study`, one file each.
#pragma once

#include "mote/cli/command.h"

namespace mote::cli {

void AddDriftStudy(CLI::App& study, Environment& environment);
void AddReductionStudy(CLI::App& study, Environment& environment);

}  // namespace mote::cli
