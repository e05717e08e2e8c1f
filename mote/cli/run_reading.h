// Runs as `mote report`, `mote runs`, `mote status` and `mote verify` find them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mote/cli/command.h"
#include "mote/report/search_record.h"
#include "mote/report/section.h"

namespace mote::cli {

// What reports are made with: spaces and directions of the catalog.
ReportContext ContextOf(const Catalog& catalog);

// The folder of a search, with its options as config.toml has them and the command that repeats it.
// Throws as FindConfig does, and Error(kCorrupt) if the file is no configuration of a search.
SearchFolder ReadSearchFolder(const std::filesystem::path& folder, Environment& environment);

// What a reader names by one path.
enum class RunKind { kSearch, kStore, kFigures };

// Nothing if it is none of these.
std::optional<RunKind> KindOf(const std::filesystem::path& path);

}  // namespace mote::cli
