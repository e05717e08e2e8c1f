#include "mote/run/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/run/csv.h"

namespace mote {
namespace {

// Foreign text inside a message: one line, and not too long.
std::string Printable(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  std::string printable(text.substr(0, kLongest));
  for (char& letter : printable) {
    if (static_cast<unsigned char>(letter) < ' ') letter = '?';
  }
  return text.size() > kLongest ? printable + "..." : printable;
}

// Whether the cell is written as a number, be it NaN, infinite or too large.
bool LooksLikeNumber(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error != std::errc::invalid_argument && end == cell.data() + cell.size();
}

std::optional<double> FiniteNumber(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::size_t> PlaceOf(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return std::size_t(found - names.begin());
}

}  // namespace

class Table::Loader {
 public:
  Loader(const std::filesystem::path& path, const SearchSpace& space) : space_(space) {
    table_.name_ = path.string();
    rows_ = ParseCsv(ReadMaybeGzip(path), table_.name_);
  }

  Table Load() {
    ReadHeader();
    TellTextFromNumbers();
    for (std::size_t row = 1; row < rows_.size(); ++row) {
      ReadArchitecture(rows_[row]);
      ReadNumbers(rows_[row]);
      if (index_) ReadIndex(rows_[row]);
    }
    return std::move(table_);
  }

 private:
  void ReadHeader() {
    if (rows_.empty()) {
      Throw(ErrorCode::kCorrupt, "'{}' is empty; its first line must name the columns",
            table_.name_);
    }
    table_.columns_ = rows_[0].cells;
    for (std::size_t column = 0; column < table_.columns_.size(); ++column) {
      // Programs that write their row numbers leave the name of that column empty.
      if (table_.columns_[column].empty()) continue;
      if (PlaceOf(table_.columns_, table_.columns_[column]) < column) {
        Fail(rows_[0], column, "there are two columns of this name");
      }
    }
    const std::optional<std::size_t> arch = PlaceOf(table_.columns_, "arch");
    if (!arch) {
      Throw(ErrorCode::kCorrupt, "'{}', line {}: there is no column 'arch', but {}", table_.name_,
            rows_[0].line, Printable(ListOr(table_.columns_)));
    }
    arch_ = *arch;
    index_ = PlaceOf(table_.columns_, "index");
  }

  void TellTextFromNumbers() {
    table_.contents_.resize(table_.columns_.size());
    for (std::size_t column = 0; column < table_.columns_.size(); ++column) {
      for (std::size_t row = 1; row < rows_.size(); ++row) {
        const std::string& cell = rows_[row].cells[column];
        if (cell.empty()) continue;
        table_.contents_[column].text = !LooksLikeNumber(cell);
        break;
      }
    }
    table_.contents_[arch_].text = true;
  }

  void ReadArchitecture(const CsvRow& row) {
    try {
      table_.architectures_.push_back(space_.Parse(row.cells[arch_]));
    } catch (const Error& error) {
      Fail(row, arch_, error.what());
    }
    const Architecture& architecture = table_.architectures_.back();
    const auto [same, is_new] = table_.row_of_id_.emplace(architecture.id(), table_.rows() - 1);
    if (!is_new) {
      Fail(row, arch_,
           fmt::format("{} stands on line {} already", architecture.text(),
                       rows_[std::size_t(same->second) + 1].line));
    }
  }

  void ReadNumbers(const CsvRow& row) {
    auto& values = table_.values_.emplace_back(table_.columns_.size());
    for (std::size_t column = 0; column < table_.columns_.size(); ++column) {
      Content& content = table_.contents_[column];
      const std::string& cell = row.cells[column];
      if (content.text || cell.empty()) continue;
      values[column] = FiniteNumber(cell);
      if (!values[column] && content.fault.empty()) {
        content.fault = Where(row, column) + ": '" + Printable(cell) + "' is not a finite number";
      }
    }
  }

  void ReadIndex(const CsvRow& row) {
    const std::string& cell = row.cells[*index_];
    if (cell.empty()) return;
    std::int64_t index = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), index);
    if (error != std::errc() || end != cell.data() + cell.size()) {
      Fail(row, *index_, "'" + cell + "' is not a whole number");
    }
    const auto [same, is_new] = table_.row_of_index_.emplace(index, table_.rows() - 1);
    if (!is_new) {
      Fail(row, *index_,
           fmt::format("{} stands on line {} already", index,
                       rows_[std::size_t(same->second) + 1].line));
    }
  }

  std::string Where(const CsvRow& row, std::size_t column) const {
    return fmt::format("'{}', line {}, column {} ({})", table_.name_, row.line, column + 1,
                       Printable(table_.columns_[column]));
  }

  [[noreturn]] void Fail(const CsvRow& row, std::size_t column, std::string_view what) const {
    Throw(ErrorCode::kCorrupt, "{}: {}", Where(row, column), Printable(what));
  }

  const SearchSpace& space_;
  std::vector<CsvRow> rows_;
  std::size_t arch_ = 0;
  std::optional<std::size_t> index_;
  Table table_;
};

Table Table::Load(const std::filesystem::path& path, const SearchSpace& space) {
  return Loader(path, space).Load();
}

Table Table::Load(std::span<const std::filesystem::path> paths, const SearchSpace& space) {
  MOTE_CHECK(!paths.empty());
  Table table = Load(paths.front(), space);
  for (const std::filesystem::path& path : paths.subspan(1)) table.Join(Load(path, space));
  return table;
}

void Table::Join(const Table& other) {
  std::vector<std::size_t> added;  // columns of the other
  for (std::size_t column = 0; column < other.columns_.size(); ++column) {
    if (PlaceOf(columns_, other.columns_[column])) continue;
    added.push_back(column);
    columns_.push_back(other.columns_[column]);
    contents_.push_back(other.contents_[column]);
  }
  std::vector<Architecture> architectures;
  std::vector<std::vector<std::optional<double>>> values;
  std::vector<std::optional<int>> places(architectures_.size());  // of rows, when joined
  row_of_id_.clear();
  for (std::size_t row = 0; row < architectures_.size(); ++row) {
    const std::optional<int> theirs = other.Row(architectures_[row]);
    if (!theirs) continue;
    places[row] = int(architectures.size());
    row_of_id_.emplace(architectures_[row].id(), int(architectures.size()));
    architectures.push_back(std::move(architectures_[row]));
    values.push_back(std::move(values_[row]));
    for (const std::size_t column : added) {
      values.back().push_back(other.values_[std::size_t(*theirs)][column]);
    }
  }
  if (architectures.empty()) {
    Throw(ErrorCode::kInvalidArgument, "'{}' and '{}' have no architecture in common", name_,
          other.name_);
  }
  architectures_ = std::move(architectures);
  values_ = std::move(values);
  name_ += " + " + other.name_;
  std::unordered_map<std::int64_t, int> row_of_index;
  for (const auto& [index, row] : row_of_index_) {
    if (places[std::size_t(row)]) row_of_index.emplace(index, *places[std::size_t(row)]);
  }
  for (const auto& [index, row] : other.row_of_index_) {
    if (const auto place = Row(other.architectures_[std::size_t(row)])) {
      row_of_index.emplace(index, *place);
    }
  }
  row_of_index_ = std::move(row_of_index);
}

int Table::Column(std::string_view name) const {
  const std::optional<std::size_t> found = PlaceOf(columns_, name);
  if (!found || name.empty() || contents_[*found].text) {
    std::vector<std::string> numbers;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (!contents_[column].text && !columns_[column].empty()) numbers.push_back(columns_[column]);
    }
    Throw(ErrorCode::kInvalidArgument, "'{}' has {} '{}'; its columns of numbers are: {}", name_,
          found && !name.empty() ? "only text in column" : "no column", Printable(name),
          numbers.empty() ? "none" : ListOr(numbers));
  }
  if (!contents_[*found].fault.empty()) {
    Throw(ErrorCode::kCorrupt, "{}", contents_[*found].fault);
  }
  return int(*found);
}

std::optional<double> Table::Value(int row, int column) const {
  MOTE_CHECK(0 <= row && row < rows() && 0 <= column && column < int(columns_.size()),
             "row {} column {}", row, column);
  return values_[std::size_t(row)][std::size_t(column)];
}

std::optional<int> Table::Row(const Architecture& architecture) const {
  const auto found = row_of_id_.find(architecture.id());
  return found == row_of_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int> Table::RowOfIndex(std::int64_t index) const {
  const auto found = row_of_index_.find(index);
  return found == row_of_index_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace mote
