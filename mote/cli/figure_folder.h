// A folder of figures, as studies, correlations and comparisons write it.
#pragma once

#include <filesystem>

#include "mote/report/section.h"

namespace mote::cli {

// Whether a picture or numbers lie directly in the folder: *.svg or *.csv.
bool HasFigures(const std::filesystem::path& folder);

// Every *.svg and *.csv, those of one name together, by name; and the words beside them: *.md,
// *.txt, compare.json. A file that is no CSV in spite of its name is only named.
ReportSection FigureSection(const std::filesystem::path& folder, const std::string& title);

}  // namespace mote::cli
