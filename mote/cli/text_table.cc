#include "mote/cli/text_table.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/record/provenance.h"
#include "mote/report/utf8.h"

namespace mote {
namespace {

constexpr int kJsonFormat = 1;
constexpr std::string_view kGap = "  ";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[0m";

std::optional<double> NumberIn(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return std::nullopt;
}

std::string Exact(double value) {
  // fmt writes the shortest digits that round-trip and never asks the locale.
  return fmt::format("{}", value);
}

std::string CellText(const Cell& cell, const Column& column) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *integer);
  if (const auto* real = std::get_if<double>(&cell)) {
    if (column.precision < 0 || !std::isfinite(*real)) return Exact(*real);
    return fmt::format("{:.{}f}", *real, column.precision);
  }
  if (const auto* text = std::get_if<std::string>(&cell)) return Printable(*text);
  return "-";
}

// Characters before the decimal point, or before the exponent of a number without one.
int DigitsBeforePoint(std::string_view number) {
  const std::size_t end = number.find_first_of(".e");
  return static_cast<int>(end == std::string_view::npos ? number.size() : end);
}

// A column as it is printed: every cell as words, numbers already padded behind so that their
// points meet when all are aligned right.
struct PrintedColumn {
  std::string header;
  std::vector<std::string> cells;
  std::vector<bool> is_best;
  bool is_numeric = false;
  int width = 0;
};

PrintedColumn Print(const Column& column, const std::vector<std::vector<Cell>>& rows,
                    std::size_t index, std::string_view ellipsis) {
  PrintedColumn printed;
  printed.header = Printable(column.header.empty() ? column.name : column.header);
  if (!column.unit.empty() && column.unit != "1") printed.header += " [" + column.unit + "]";

  int behind_point = 0;
  std::optional<double> best;
  for (const auto& row : rows) {
    printed.cells.push_back(CellText(row[index], column));
    const std::optional<double> number = NumberIn(row[index]);
    if (!number) continue;
    printed.is_numeric = true;
    const std::string& text = printed.cells.back();
    behind_point = std::max(behind_point, static_cast<int>(text.size()) - DigitsBeforePoint(text));
    const bool is_better =
        !best || (column.best == Best::kLowest ? *number < *best : *number > *best);
    if (!std::isnan(*number) && is_better) best = number;
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string& text = printed.cells[r];
    const std::optional<double> number = NumberIn(rows[r][index]);
    printed.is_best.push_back(column.best != Best::kNone && number && number == best);
    if (number) {
      const int missing = behind_point - (static_cast<int>(text.size()) - DigitsBeforePoint(text));
      text.append(missing, ' ');
    }
    // A number that does not fit is shown all the same: a cut one would lie.
    if (column.max_width > 0 && !number) text = Truncate(text, column.max_width, ellipsis);
    printed.width = std::max(printed.width, DisplayWidth(text));
  }
  if (column.max_width > 0) {
    printed.header = Truncate(printed.header, std::max(column.max_width, printed.width), ellipsis);
  }
  printed.width = std::max(printed.width, DisplayWidth(printed.header));
  return printed;
}

// Appends cells to one line and holds spaces back until something follows them.
class Line {
 public:
  explicit Line(std::string& out) : out_(out) {}

  void Put(std::string_view text, const PrintedColumn& column, std::string_view colour) {
    if (!is_first_) waiting_ += kGap.size();
    is_first_ = false;
    const std::size_t padding = column.width - DisplayWidth(text);
    if (column.is_numeric) waiting_ += padding;
    const std::size_t length = text.find_last_not_of(' ') + 1;
    if (length > 0) {
      out_.append(waiting_, ' ');
      out_ += colour;
      out_ += text.substr(0, length);
      if (!colour.empty()) out_ += kPlain;
      waiting_ = 0;
    }
    waiting_ += text.size() - length;
    if (!column.is_numeric) waiting_ += padding;
  }
  void End() { out_ += '\n'; }

 private:
  std::string& out_;
  std::size_t waiting_ = 0;
  bool is_first_ = true;
};

std::string CsvField(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  const bool has_outer_space = !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
  if (!text.empty() && !has_outer_space &&
      text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted += '"';
}

std::string CsvField(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *integer);
  if (const auto* real = std::get_if<double>(&cell)) return Exact(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return CsvField(std::string_view(*text));
  return {};
}

nlohmann::ordered_json JsonValue(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

std::string Dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

Cell CellOf(const std::optional<double>& value) {
  if (!value) return {};
  return *value;
}

ResultTable::ResultTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::set<std::string> names;
  for (Column& column : columns_) {
    MOTE_CHECK(!column.name.empty(), "a column without a name");
    const std::string name = column.name;
    for (int i = 2; !names.insert(column.name).second; ++i) {
      column.name = fmt::format("{}_{}", name, i);
    }
  }
}

void ResultTable::AddRow(std::vector<Cell> cells) {
  MOTE_CHECK(cells.size() == columns_.size(), "{} cells for {} columns", cells.size(),
             columns_.size());
  rows_.push_back(std::move(cells));
}

void ResultTable::AddSeparator() { separators_.push_back(rows()); }

std::string ResultTable::ToText(const TextStyle& style) const {
  std::vector<PrintedColumn> printed;
  std::size_t total = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    printed.push_back(Print(columns_[c], rows_, c, style.utf8 ? "\u2026" : "..."));
    total += printed.back().width + (c > 0 ? kGap.size() : 0);
  }
  std::string rule;
  for (std::size_t i = 0; i < total; ++i) rule += style.utf8 ? "\u2500" : "-";
  rule += '\n';

  std::string text;
  Line header(text);
  for (const PrintedColumn& column : printed) {
    header.Put(column.header, column, style.colour ? kBold : "");
  }
  header.End();
  text += rule;
  for (int r = 0; r < rows(); ++r) {
    if (r > 0 && std::count(separators_.begin(), separators_.end(), r) > 0) text += rule;
    Line line(text);
    for (const PrintedColumn& column : printed) {
      line.Put(column.cells[r], column, style.colour && column.is_best[r] ? kGreen : "");
    }
    line.End();
  }
  return text;
}

std::string ResultTable::ToCsv() const {
  std::string text;
  const auto end_field = [&text, this](std::size_t column) {
    text += column + 1 < columns_.size() ? ',' : '\n';
  };
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    text += CsvField(std::string_view(columns_[c].name));
    end_field(c);
  }
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      text += CsvField(row[c]);
      end_field(c);
    }
  }
  return text;
}

std::string ResultTable::ToJson() const {
  const nlohmann::ordered_json about = {{"format", kJsonFormat},
                                        {"version", BuildProvenance().version}};
  std::string text = "{\"mote\": " + Dump(about) + ",\n \"rows\": [";
  for (int r = 0; r < rows(); ++r) {
    nlohmann::ordered_json row = nlohmann::ordered_json::object();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      row[columns_[c].name] = JsonValue(rows_[r][c]);
    }
    text += r > 0 ? ",\n  " : "\n  ";
    text += Dump(row);
  }
  return text += "]}\n";
}

void ResultTable::Write(std::ostream& out, Format format, const TextStyle& style) const {
  switch (format) {
    case Format::kText:
      out << ToText(style);
      break;
    case Format::kCsv:
      out << ToCsv();
      break;
    case Format::kJson:
      out << ToJson();
      break;
  }
  out.flush();
  if (!out) Throw(ErrorCode::kIo, "cannot write the table: the output is full or closed");
}

bool UseColour(int fd) {
  const char* const no_color = getenv("NO_COLOR");
  if (no_color && *no_color) return false;
  const char* const term = getenv("TERM");
  if (!term || !*term || std::string_view(term) == "dumb") return false;
  return isatty(fd) == 1;
}

}  // namespace mote
