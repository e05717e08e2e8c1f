// The program's command line, without what its commands do.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mote::fuzz {

// What `mote` makes of these arguments: "[command]" and all its options in TOML, "" without a
// command, or nothing if they are refused or ask for help. Counts as Try does.
std::optional<std::string> ParseArguments(const std::vector<std::string>& arguments);

}  // namespace mote::fuzz
