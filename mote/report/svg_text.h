// Text in drawings whose reader has fonts that we do not know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mote {

// Fit for XML text and attribute values; what is no printable UTF-8 is replaced.
std::string XmlEscaped(std::string_view text);

// An upper estimate of the width of a text, in the unit of the font size: even wide sans-serif
// fonts stay below it.
double EstimateTextWidth(std::string_view text, double font_size);

// Lines of at most `room`, by that estimate. Breaks behind a space, '|', '+', ',' or '/' where it
// can, anywhere where it must. At least one line, which may be empty.
std::vector<std::string> WrapText(std::string_view text, double font_size, double room);

}  // namespace mote
