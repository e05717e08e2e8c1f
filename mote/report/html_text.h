// Text and data within an HTML page, whatever they hold.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace mote {

// Fit for text and for attribute values in double or single quotes. Line breaks become spaces.
std::string Html(std::string_view text);
// The same, with line breaks kept.
std::string HtmlLines(std::string_view text);

// Fit for a <script type="application/json"> block: no "</script>" or "<!--" can stand in it. What
// is no UTF-8 is replaced; numbers read back to the same bits.
std::string ScriptJson(const nlohmann::ordered_json& json);

// The content as "data:<type>;base64,...".
std::string DataUrl(std::string_view type, std::string_view content);

}  // namespace mote
