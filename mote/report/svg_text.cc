#include "mote/report/svg_text.h"

#include "mote/report/utf8.h"

namespace mote {
namespace {

// In units of the font size; measured on DejaVu Sans, the widest of the usual fonts.
double WidthOf(char32_t code_point) {
  if (code_point == U'W' || code_point == U'M' || code_point == U'm' || code_point == U'%' ||
      code_point == U'@') {
    return 1;
  }
  if (code_point < 0x80 &&
      std::string_view("ijl.,:;'|!()[] ").find(static_cast<char>(code_point)) !=
          std::string_view::npos) {
    return 0.4;
  }
  if (code_point >= U'A' && code_point <= U'Z') return 0.78;
  if (code_point == U'+' || code_point == U'~' || code_point == U'=' || code_point == U'w') {
    return 0.84;
  }
  return DisplayWidth(code_point) * (code_point < 0x250 ? 0.64 : 1.0);
}

}  // namespace

std::string XmlEscaped(std::string_view text) {
  std::string result;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

double EstimateTextWidth(std::string_view text, double font_size) {
  double width = 0;
  while (!text.empty()) width += WidthOf(TakeCodePoint(text));
  return width * font_size;
}

std::vector<std::string> WrapText(std::string_view text, double font_size, double room) {
  std::vector<std::string> lines;
  std::string line;
  double width = 0;
  std::size_t last_break = 0;  // bytes of `line` that may stay if it gets too long
  while (!text.empty()) {
    const char32_t code_point = TakeCodePoint(text);
    width += WidthOf(code_point) * font_size;
    while (width > room && !line.empty()) {
      const std::size_t keep = last_break > 0 ? last_break : line.size();
      lines.push_back(line.substr(0, keep));
      line.erase(0, keep);
      width = EstimateTextWidth(line, font_size) + WidthOf(code_point) * font_size;
      last_break = 0;
    }
    AppendUtf8(line, code_point);
    if (code_point < 0x80 &&
        std::string_view(" |+,/").find(static_cast<char>(code_point)) != std::string_view::npos) {
      last_break = line.size();
    }
  }
  lines.push_back(line);
  return lines;
}

}  // namespace mote
