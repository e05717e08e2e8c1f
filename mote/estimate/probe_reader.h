// Estimators that are a function of one probe's result.
#pragma once

#include <functional>
#include <memory>

#include "mote/estimate/estimator.h"

namespace mote {

// A number out of the result of one probe.
using ReadingOf = std::function<Outcome<double>(const ProbeResult&)>;

std::unique_ptr<Estimator> MakeProbeReader(EstimatorInfo info, std::shared_ptr<const Probe> probe,
                                           ReadingOf reading);

}  // namespace mote
