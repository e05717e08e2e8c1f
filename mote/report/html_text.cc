#include "mote/report/html_text.h"

#include <nlohmann/json.hpp>

#include "mote/report/svg_text.h"

namespace mote {

std::string Html(std::string_view text) {
  std::string result;
  for (const char letter : XmlEscaped(text)) {
    if (letter == '\'') {
      result += "&#39;";
    } else {
      result += letter;
    }
  }
  return result;
}

std::string HtmlLines(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t end = text.find('\n');
    result += Html(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    result += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string ScriptJson(const nlohmann::ordered_json& json) {
  std::string result;
  for (const char letter : json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
    if (letter == '<') {
      result += "\\u003c";  // outside strings JSON has none
    } else {
      result += letter;
    }
  }
  return result;
}

std::string DataUrl(std::string_view type, std::string_view content) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string url = "data:";
  url += type;
  url += ";base64,";
  for (std::size_t i = 0; i < content.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, content.size() - i);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(content[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      url += k <= count ? kLetters[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return url;
}

}  // namespace mote
