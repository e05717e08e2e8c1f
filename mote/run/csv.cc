#include "mote/run/csv.h"

#include <algorithm>

#include "mote/base/error.h"

namespace mote {
namespace {

class Parser {
 public:
  Parser(std::string_view text, std::string_view name) : text_(text), name_(name) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  std::vector<CsvRow> Parse() {
    while (at_ < text_.size()) {
      ReadRow();
      const bool blank = row_.cells.size() == 1 && row_.cells[0].empty();
      if (blank) continue;
      if (!rows_.empty() && row_.cells.size() != rows_[0].cells.size()) {
        Throw(ErrorCode::kCorrupt,
              "'{}', line {}, column {}: the row has {} cells, but the first has {}", name_,
              row_.line, std::min(row_.cells.size(), rows_[0].cells.size()) + 1, row_.cells.size(),
              rows_[0].cells.size());
      }
      rows_.push_back(std::move(row_));
    }
    return std::move(rows_);
  }

 private:
  // '\0' at the end of the text.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool AtCellEnd() const {
    return at_ == text_.size() || Peek() == ',' || Peek() == '\n' || Peek() == '\r';
  }

  void ReadRow() {
    row_ = {line_, {}};
    while (true) {
      SkipBlanks();
      row_.cells.push_back(Peek() == '"' ? QuotedCell() : PlainCell());
      if (Peek() != ',' || at_ == text_.size()) break;
      ++at_;
    }
    if (at_ < text_.size()) SkipLineEnd();
  }

  std::string PlainCell() {
    const std::size_t begin = at_;
    for (; !AtCellEnd(); ++at_) {
      if (Peek() == '"') Fail(line_, "a quote inside a cell that does not begin with one");
    }
    std::string_view cell = text_.substr(begin, at_ - begin);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
    return std::string(cell);
  }

  std::string QuotedCell() {
    const int first_line = line_;
    std::string cell;
    for (++at_; at_ < text_.size();) {
      if (Peek() == '"') {
        ++at_;
        if (Peek() != '"') {
          SkipBlanks();
          if (!AtCellEnd()) Fail(line_, "text after a closing quote");
          return cell;
        }
      }
      if (Peek() == '\n') ++line_;
      cell += text_[at_++];
    }
    Fail(first_line, "a quote that is never closed");
  }

  void SkipBlanks() {
    while (Peek() == ' ' || Peek() == '\t') ++at_;
  }

  void SkipLineEnd() {
    if (text_.substr(at_).starts_with("\r\n")) ++at_;
    ++at_;
    ++line_;
  }

  // Within a row, the cell at fault is the one after those read.
  [[noreturn]] void Fail(int line, std::string_view what) const {
    Throw(ErrorCode::kCorrupt, "'{}', line {}, column {}: {}", name_, line, row_.cells.size() + 1,
          what);
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  int line_ = 1;
  CsvRow row_;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::vector<CsvRow> ParseCsv(std::string_view text, std::string_view name) {
  return Parser(text, name).Parse();
}

}  // namespace mote
