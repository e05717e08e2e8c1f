// Architectures with their true accuracies, for commands that compare with a table.
#pragma once

#include <string>
#include <vector>

#include "mote/cli/command.h"
#include "mote/run/table.h"

namespace mote::cli {

struct TruthOptions {
  Selection selection;
  std::filesystem::path table;
  std::vector<std::string> targets;
};
void AddTruthOptions(CLI::App& command, TruthOptions& options);

struct Truths {
  std::vector<Architecture> architectures;  // those that have all targets
  std::vector<std::vector<double>> values;  // [target][architecture]
  std::string population;                   // in words
};

// Throws Error(kInvalidArgument) if fewer than three architectures have all targets, or all columns
// of `other` (may be null) that are named.
Truths LoadTruths(const TruthOptions& options, const SearchSpace& space, std::uint64_t seed,
                  const Table* other = nullptr, int other_column = 0);

}  // namespace mote::cli
