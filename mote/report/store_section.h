// A store file as a part of a report: what was estimated, by whatever command.
#pragma once

#include "mote/report/report_store.h"
#include "mote/report/section.h"

namespace mote {

// A column per estimator with its options, a row per architecture: means over seeds and replicates.
// Rows are in the order of the estimator with most values, the best first. Of several spaces, the
// one with most estimates is shown, said in the summary.
ReportSection SectionOf(const StoreContent& content, const std::string& title,
                        const ReportContext& context);

}  // namespace mote
