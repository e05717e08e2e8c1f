// What a command prints: one table of rows, as text for people, as CSV or as JSON.
//
//   ResultTable table({{.name = "arch"}, {.name = "mote", .unit = "1", .precision = 4}});
//   table.AddRow({architecture.text(), 0.8731});
//   table.Write(std::cout, Format::kText, {.colour = UseColour(1), .utf8 = LocaleIsUtf8()});
//
// CSV and JSON hold the exact values: doubles in the shortest form that reads back to the same
// bits, whatever the locale. Rounding, cutting, units and colour are for people only.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace mote {

enum class Format { kText, kCsv, kJson };

// Which value of a column is the good one; text in colour shows it in green.
enum class Best { kNone, kHighest, kLowest };

struct Column {
  std::string name;         // for machines: unique, the CSV header and JSON key
  std::string header = {};  // for people; the name if empty
  std::string unit = {};    // shown behind the header; none if empty or "1"
  int precision = -1;       // digits after the point of a double; -1: as many as it has
  int max_width = 0;        // of cells and header, in columns of a terminal; 0: no limit
  Best best = Best::kNone;
};

// std::monostate: no value. In text a "-", in CSV nothing, in JSON null.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
Cell CellOf(const std::optional<double>& value);

struct TextStyle {
  bool colour = false;
  bool utf8 = true;  // else rules and ellipses are ASCII
};

class ResultTable {
 public:
  // Of columns of one name, which a user can ask for, the later ones become name_2, name_3, ...
  explicit ResultTable(std::vector<Column> columns);

  // One cell per column.
  void AddRow(std::vector<Cell> cells);
  // A rule between the last row and the next one; text only.
  void AddSeparator();

  const std::vector<Column>& columns() const { return columns_; }
  int rows() const { return static_cast<int>(rows_.size()); }

  // Text: numbers stand right, with their points below each other; words left; no line ends in a
  //   space. Control characters become spaces.
  // CSV (RFC 4180, lines end in "\n"): what contains a comma, quote, line break or outer blank is
  //   quoted, and so is an empty string, to differ from no value. Infinities: inf, -inf, nan.
  // JSON: {"mote": {"format": 1, "version": "0.1.0"}, "rows": [{"<name>": <value>, ...}, ...]}, a
  //   row per line, keys in the order of the columns; what is not finite is null.
  // Throws Error(kIo) if `out` fails (a full disk, a closed pipe).
  void Write(std::ostream& out, Format format, const TextStyle& style = {}) const;
  // What Write gives as Format::kCsv.
  std::string ToCsv() const;

 private:
  std::string ToText(const TextStyle& style) const;
  std::string ToJson() const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  std::vector<int> separators_;  // a rule above the row of this index
};

// Whether text on this file descriptor may be coloured: it is a terminal that can, and the user has
// not set NO_COLOR (no-color.org).
bool UseColour(int fd);

}  // namespace mote
