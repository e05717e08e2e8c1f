// Learning rates over a training run.
#pragma once

#include <string>
#include <string_view>

namespace mote {

enum class ScheduleKind {
  kConstant,
  kCosine,    // peak at the start, half a cosine down to 0
  kOneCycle,  // linear from peak/25 up to peak over the first 30 % of the steps, then half a cosine
              // down to peak/25e4 (Smith & Topin 2018, with PyTorch's defaults)
};

struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  double peak = 1e-3;

  // Rate of step `step` (from 0) of `steps` in all.
  double Rate(int step, int steps) const;
};

std::string_view Name(ScheduleKind kind);

}  // namespace mote
