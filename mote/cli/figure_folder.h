// A folder of figures, as studies, correlations and comparisons write it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mote/cli/command_line.h"
#include "mote/record/provenance.h"
#include "mote/report/section.h"

namespace mote::cli {

// Adds a provenance to others, unless its data are those of one of them.
void AddSource(const Provenance& source, std::vector<Provenance>& sources);

// Writes about.json: what the figures of a folder are about, in sentences, and what they come from.
void WriteAbout(const std::filesystem::path& folder, const std::vector<std::string>& summary,
                const CommandLine& command, const std::vector<Provenance>& provenance);

// Whether a picture or numbers lie directly in the folder: *.svg or *.csv.
bool HasFigures(const std::filesystem::path& folder);

// Every *.svg and *.csv, those of one name together, those with a picture first, by name; the words
// beside them, *.md and *.txt; and what about.json says. A file that is not what its name says is
// only named.
ReportSection FigureSection(const std::filesystem::path& folder, const std::string& title);

}  // namespace mote::cli
