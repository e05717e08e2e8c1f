// Text as code points: what drawings and terminal tables need to measure and to cut it.
//
// All functions take any bytes: what is not well-formed UTF-8 counts as U+FFFD, byte by byte.
#pragma once

#include <string>
#include <string_view>

namespace mote {

// Takes the first code point off `text`, which is not empty.
char32_t TakeCodePoint(std::string_view& text);

void AppendUtf8(std::string& text, char32_t code_point);

// Columns that a terminal gives to a code point: 0 for combining marks and controls, 2 for wide
// East Asian characters and emoji, else 1. The same in every locale.
int DisplayWidth(char32_t code_point);
int DisplayWidth(std::string_view text);

// Well-formed UTF-8 without control characters, which become spaces: no file name or message can
// move the cursor, colour the screen or break a line.
std::string Printable(std::string_view text);

// `text`, cut to at most `columns`, the last of which then hold `ellipsis` if it fits.
std::string Truncate(std::string_view text, int columns, std::string_view ellipsis);

// Whether the user's locale (LC_ALL, LC_CTYPE, LANG) writes UTF-8. Leaves the program's locale
// alone.
bool LocaleIsUtf8();

}  // namespace mote
