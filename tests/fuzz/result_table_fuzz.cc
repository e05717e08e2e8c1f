// What a store's texts look like in a command's output: read back as CSV and as JSON, and on lines
// of their own for people. Any bytes are accepted. A line is a cell; three make a row.
#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mote/cli/text_table.h"
#include "mote/run/csv.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr std::size_t kColumns = 3;

// Some texts stand for what is no text.
Cell CellOf(const std::string& text) {
  if (text == "-") return {};
  if (text.size() == sizeof(double) + 1 && text[0] == '#') {
    double number;
    std::memcpy(&number, text.data() + 1, sizeof number);
    return number;
  }
  return text;
}

std::string Written(const ResultTable& table, Format format) {
  std::ostringstream out;
  table.Write(out, format);
  return out.str();
}

void CheckCsv(const ResultTable& table, const std::vector<std::vector<Cell>>& rows) {
  const std::vector<CsvRow> read = ParseCsv(Written(table, Format::kCsv), "result");
  MOTE_CHECK(read.size() == rows.size() + 1, "{} rows became {}", rows.size(), read.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < kColumns; ++c) {
      const auto* const text = std::get_if<std::string>(&rows[r][c]);
      if (text) MOTE_CHECK(read[r + 1].cells[c] == *text, "row {}, column {}", r, c);
    }
  }
}

}  // namespace

std::vector<std::string> Seeds() {
  return {"a\nb\nc\n", "one, two\n\"quoted\"\n spaced \n-\n\n\xff\xfe\n",
          "#\1\2\3\4\5\6\7\x3f\ntab\t\nr\r\n"};
}

std::vector<std::string> Words() { return {"\n-\n", "\t", "\r", "\"\"", "#\0\0\0\0\0\0\xf0\x7f"}; }

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  ++fuzz::Counts().accepted;
  std::vector<std::vector<Cell>> rows;
  ResultTable table({{.name = "a", .precision = 3, .best = Best::kHighest},
                     {.name = "b", .max_width = 7},
                     {.name = "c"}});
  std::vector<Cell> row;
  for (const std::string& line : fuzz::SplitLines(fuzz::TextOf(data, size))) {
    row.push_back(fuzz::CellOf(line));
    if (row.size() < fuzz::kColumns) continue;
    rows.push_back(row);
    table.AddRow(std::move(row));
    row.clear();
  }
  fuzz::CheckCsv(table, rows);
  const auto json = nlohmann::json::parse(fuzz::Written(table, Format::kJson));
  MOTE_CHECK(json.at("rows").size() == rows.size());
  const std::string text = fuzz::Written(table, Format::kText);
  const auto lines = fuzz::SplitLines(text);
  MOTE_CHECK(lines.size() == rows.size() + 2, "{} lines", lines.size());
  for (const std::string& line : lines) MOTE_CHECK(line.empty() || line.back() != ' ');
  return 0;
}
