// A section as HTML.
#pragma once

#include <string>

#include "mote/report/section.h"

namespace mote {

// An <article>; `number` counts from 1 and makes ids unique.
std::string SectionHtml(const ReportSection& section, int number);

}  // namespace mote
