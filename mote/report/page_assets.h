// What every page carries along: the style and the scripts, embedded when mote is built.
#pragma once

#include <string_view>

namespace mote {

extern const std::string_view kPageStyle;    // page/*.css
extern const std::string_view kPageScripts;  // page/*.js
extern const std::string_view kChartScript;  // Chart.js

}  // namespace mote
