// Comma-separated text.
#include "mote/run/csv.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

using Cells = std::vector<std::vector<std::string>>;

Cells CellsOf(const std::vector<CsvRow>& rows) {
  Cells cells;
  for (const CsvRow& row : rows) cells.push_back(row.cells);
  return cells;
}

std::string Print(const Cells& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i > 0 ? ",\"" : "\"";
      for (const char letter : row[i]) text += letter == '"' ? "\"\"" : std::string(1, letter);
      text += '"';
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::vector<std::string> Seeds() {
  return {"arch,value\n333333,0.5\n",
          "\xEF\xBB\xBF"
          "a, b ,\"c\"\"d\"\r\n1,,\"line\nend\"\r\n\r\n2,3,4",
          "a\rb\rc\r", "\"\",\"\"\n,\n"};
}

std::vector<std::string> Words() { return {"\r\n", "\"\"", "\",\"", "\xEF\xBB\xBF", ",\n", " ,"}; }

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const auto rows = fuzz::Try([&] { return ParseCsv(fuzz::TextOf(data, size), "t.csv"); });
  if (!rows) return 0;
  int line = 0;
  for (const CsvRow& row : *rows) {
    MOTE_CHECK(row.line > line && row.cells.size() == rows->front().cells.size());
    line = row.line;
  }
  const fuzz::Cells cells = fuzz::CellsOf(*rows);
  MOTE_CHECK(fuzz::CellsOf(ParseCsv(fuzz::Print(cells), "again")) == cells);
  return 0;
}
