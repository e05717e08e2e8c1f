// A report as one HTML file that needs nothing else: no server, no network.
//
// Without JavaScript it shows summaries, drawings, static charts and the first rows of tables; with
// it, tables sort and filter, and charts and rows lead to cells. Light and dark as the reader
// prefers, printable, for narrow screens, by keyboard.
#pragma once

#include <string>
#include <vector>

#include "mote/report/section.h"

namespace mote {

struct PageOptions {
  int reload_seconds = 0;  // the page loads itself again so often; 0: never
};

// The whole file. Texts in sections may hold anything. The same sections give the same bytes. Under
// 300 KB plus some 120 bytes per architecture.
std::string ReportPage(const std::vector<ReportSection>& sections, const ReportContext& context,
                       const PageOptions& options = {});

// Whether the content of a file is a page that this wrote, which may be replaced unasked.
bool IsReportPage(std::string_view content);

}  // namespace mote
