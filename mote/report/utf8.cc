#include "mote/report/utf8.h"

#include <langinfo.h>
#include <locale.h>

#include <algorithm>
#include <array>

#include "mote/base/check.h"

namespace mote {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Block {
  char32_t first;
  char32_t last;
};

// Combining marks and invisible format characters of the scripts that can be expected in names.
constexpr std::array kZeroWidth = {
    Block{0x0300, 0x036F}, Block{0x0483, 0x0489}, Block{0x0591, 0x05BD}, Block{0x0610, 0x061A},
    Block{0x064B, 0x065F}, Block{0x1AB0, 0x1AFF}, Block{0x1DC0, 0x1DFF}, Block{0x200B, 0x200F},
    Block{0x202A, 0x202E}, Block{0x2060, 0x2064}, Block{0x20D0, 0x20FF}, Block{0x3099, 0x309A},
    Block{0xFE00, 0xFE0F}, Block{0xFE20, 0xFE2F}, Block{0xFEFF, 0xFEFF}};

// East Asian Width W and F (Unicode Annex 11), by block.
constexpr std::array kWide = {
    Block{0x1100, 0x115F},   Block{0x2E80, 0x303E},   Block{0x3041, 0x33FF},
    Block{0x3400, 0x4DBF},   Block{0x4E00, 0xA4CF},   Block{0xA960, 0xA97F},
    Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},   Block{0xFE30, 0xFE6F},
    Block{0xFF01, 0xFF60},   Block{0xFFE0, 0xFFE6},   Block{0x1F300, 0x1F64F},
    Block{0x1F680, 0x1F6FF}, Block{0x1F900, 0x1F9FF}, Block{0x20000, 0x3FFFD}};

template <typename Ranges>
bool IsIn(const Ranges& ranges, char32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(), [code_point](const Block& block) {
    return block.first <= code_point && code_point <= block.last;
  });
}

bool IsControl(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029;
}

}  // namespace

char32_t TakeCodePoint(std::string_view& text) {
  MOTE_CHECK(!text.empty());
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = 0;
  char32_t value = 0;
  char32_t least = 0;  // the smallest value that may be written in so many bytes
  if (lead < 0x80) {
    length = 1, value = lead, least = 0;
  } else if ((lead & 0xE0) == 0xC0) {
    length = 2, value = lead & 0x1F, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3, value = lead & 0x0F, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4, value = lead & 0x07, least = 0x10000;
  }
  bool valid = length > 0 && length <= text.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    valid = (next & 0xC0) == 0x80;
    value = (value << 6) | (next & 0x3F);
  }
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  valid = valid && value >= least && value <= 0x10FFFF && !is_surrogate;
  text.remove_prefix(valid ? length : 1);
  return valid ? value : kReplacement;
}

void AppendUtf8(std::string& text, char32_t code_point) {
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  const auto put_tail = [&put, code_point](int shift) {
    put(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put_tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put_tail(6);
    put_tail(0);
  } else {
    put(0xF0 | (code_point >> 18));
    put_tail(12);
    put_tail(6);
    put_tail(0);
  }
}

int DisplayWidth(char32_t code_point) {
  if (IsControl(code_point) || IsIn(kZeroWidth, code_point)) return 0;
  return IsIn(kWide, code_point) ? 2 : 1;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) width += DisplayWidth(TakeCodePoint(text));
  return width;
}

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const char32_t code_point = TakeCodePoint(text);
    AppendUtf8(result, IsControl(code_point) ? U' ' : code_point);
  }
  return result;
}

std::string Truncate(std::string_view text, int columns, std::string_view ellipsis) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (DisplayWidth(ellipsis) > columns) ellipsis = {};
  int left = columns - DisplayWidth(ellipsis);
  std::string result;
  while (!text.empty()) {
    const char32_t code_point = TakeCodePoint(text);
    left -= DisplayWidth(code_point);
    if (left < 0) break;
    AppendUtf8(result, code_point);
  }
  return result += ellipsis;
}

bool LocaleIsUtf8() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", locale_t(0));
  if (locale == locale_t(0)) return false;
  const std::string codeset = nl_langinfo_l(CODESET, locale);
  freelocale(locale);
  return codeset == "UTF-8" || codeset == "utf8";
}

}  // namespace mote
