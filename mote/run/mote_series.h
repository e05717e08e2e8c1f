// MOTE of many architectures whose terms have no constants yet: joined on their own scale.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace mote {

// One value per architecture, none where it failed; higher is better.
using ScoreSeries = std::vector<std::optional<double>>;

// Both terms (of form released) by Box-Cox and scaled by what all architectures have, without
// looking at anything but these unlabelled values (estimate/calibration.h). No value where a term
// has none. Throws Error(kInvalidArgument) if fewer than three different values of a term are
// there.
ScoreSeries JoinOnOwnScale(const ScoreSeries& landscape, const ScoreSeries& speed);

}  // namespace mote
