// A table of truths: any CSV or CSV.gz with an `arch` column.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mote/space/search_space.h"

namespace mote {

// Immutable. Rows are found by architecture (its decisions, so other spellings match) and by index
// where the table has an `index` column. Cells may be empty: then there is no value.
//
// Other columns hold numbers or text: the first cell that is not empty decides. Text is carried
// along, but is no number that anyone could ask for. A column of numbers with a cell that is none
// is a fault only of him who asks for it.
class Table {
 public:
  // Throws Error(kNotFound) for the file, and Error(kCorrupt) with line and column for a malformed
  // row, a missing `arch` column, a column name twice, a foreign architecture, an architecture
  // twice, an index twice or one that is not a whole number.
  static Table Load(const std::filesystem::path& path, const SearchSpace& space);

  // Several files as one table: the architectures that stand in all of them, in the order of the
  // first, with the columns of all; of one name the first file's counts. At least one path. Throws
  // as Load does, and Error(kInvalidArgument) if they have no architecture in common.
  static Table Load(std::span<const std::filesystem::path> paths, const SearchSpace& space);

  const std::string& name() const { return name_; }  // the path as given
  int rows() const { return int(architectures_.size()); }
  const std::vector<Architecture>& architectures() const { return architectures_; }
  const std::vector<std::string>& columns() const { return columns_; }

  // A column of numbers. Throws Error(kInvalidArgument) listing those there are if there is none of
  // that name or it holds text, Error(kCorrupt) with line and column if a cell of it is no number,
  // NaN or infinite.
  int Column(std::string_view name) const;
  std::optional<double> Value(int row, int column) const;
  std::optional<int> Row(const Architecture& architecture) const;
  bool Contains(const Architecture& architecture) const { return Row(architecture).has_value(); }
  // By the official index; nothing if the table has no `index` column or no such row.
  std::optional<int> RowOfIndex(std::int64_t index) const;

 private:
  class Loader;

  void Join(const Table& other);

  struct Content {
    bool text = false;
    std::string fault;  // of the first cell that is no finite number; empty if there is none
  };

  std::string name_;
  std::vector<std::string> columns_;
  std::vector<Content> contents_;  // by column
  std::vector<Architecture> architectures_;
  std::vector<std::vector<std::optional<double>>> values_;  // by row, column
  std::unordered_map<Hash128, int> row_of_id_;
  std::unordered_map<std::int64_t, int> row_of_index_;
};

}  // namespace mote
