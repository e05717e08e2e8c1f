#include "mote/cli/truths.h"

#include <cmath>

#include "mote/base/error.h"

namespace mote::cli {

void AddTruthOptions(CLI::App& command, TruthOptions& options) {
  AddSelection(command, options.selection);
  command.add_option("--table", options.table, "CSV or CSV.gz of truths with a column arch")
      ->required();
  command.add_option("--target", options.targets, "its columns to rank by, comma-separated")
      ->delimiter(',')
      ->required();
}

Truths LoadTruths(const TruthOptions& options, const SearchSpace& space, std::uint64_t seed,
                  const Table* other, int other_column) {
  const Table table = Table::Load(options.table, space);
  std::vector<int> columns;
  for (const std::string& target : options.targets) columns.push_back(table.Column(target));
  Truths truths;
  truths.architectures = Select(options.selection, space, &table, seed, truths.population);
  const auto given = truths.architectures.size();
  std::erase_if(truths.architectures, [&](const Architecture& architecture) {
    const auto row = table.Row(architecture);
    if (!row) return true;
    for (int column : columns) {
      if (!table.Value(*row, column)) return true;
    }
    if (!other) return false;
    const auto other_row = other->Row(architecture);
    return !other_row || !other->Value(*other_row, other_column);
  });
  if (truths.architectures.size() < 3) {
    Throw(ErrorCode::kInvalidArgument,
          "only {} of {} architectures have all targets in table "
          "'{}'; a correlation needs 3",
          truths.architectures.size(), given, table.name());
  }
  for (int column : columns) {
    std::vector<double>& values = truths.values.emplace_back();
    for (const Architecture& architecture : truths.architectures) {
      // Last bits of a mean are no difference between architectures.
      values.push_back(std::round(1e6 * *table.Value(*table.Row(architecture), column)) / 1e6);
    }
  }
  return truths;
}

}  // namespace mote::cli
