// Charts of commands.
#pragma once

#include <filesystem>

#include "mote/cli/command.h"
#include "mote/report/chart.h"

namespace mote::cli {

// Writes STEM.csv, .svg and .png (an ending of these on `stem` is dropped) and says on stderr what
// was written, or why there are no pictures.
void WriteChart(const Chart& chart, std::filesystem::path stem, const OutputOptions& output);

}  // namespace mote::cli
