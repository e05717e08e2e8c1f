// A search as a part of a report.
#pragma once

#include "mote/report/search_record.h"
#include "mote/report/section.h"

namespace mote {

// `title` is what the user called it. Takes about a second for 15,000 architectures, whose costs
// are counted.
ReportSection SectionOf(const SearchRecord& record, const std::string& title,
                        const ReportContext& context);

}  // namespace mote
