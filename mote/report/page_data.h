// A section as the data that the page's scripts read.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "mote/report/section.h"

namespace mote {

// {"title", "space": {"choices": [[name, [option, ...]], ...]} or null,
//  "archs": [...], "decisions": [...],
//  "columns": [{"name", "label", "help", "better": 1, -1 or 0, "scale", "digits", "scientific",
//               "score": bool, "values": [number, null for none, "inf" or "-inf"]}, ...],
//  "curves": [{"name", "better", "seconds": bool, "archs", "x", "value", "best",
//              "count"}, ...],
//  "figures": [{"name", "header", "rows"}, ...]}
// Columns and rows in the order of the section. Numbers read back to the same bits.
nlohmann::ordered_json PageData(const ReportSection& section, const ReportContext& context);

}  // namespace mote
