// Comma-separated text (RFC 4180), as spreadsheets and scripts write it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mote {

struct CsvRow {
  int line = 0;  // on which it begins, from 1
  std::vector<std::string> cells;
};

// Accepts LF, CRLF and CR line ends, a missing last line end, quoted cells with doubled quotes and
// line ends inside, and a byte order mark. Blanks around an unquoted cell are dropped, lines of
// nothing else are skipped. Throws Error(kCorrupt) with `name`, line and column (the number of the
// cell, from 1) for a quote inside an unquoted cell, text after a closing quote, a quote that
// nothing closes, and a row whose number of cells is not that of the first row.
std::vector<CsvRow> ParseCsv(std::string_view text, std::string_view name);

}  // namespace mote
