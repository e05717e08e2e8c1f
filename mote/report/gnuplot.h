// gnuplot, a program of its own.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mote {

// Where it is on PATH, or nothing.
std::optional<std::filesystem::path> FindGnuplot();

// Runs `program` with a script, without a shell and without the user's settings, in a folder of its
// own that is removed, and returns what it wrote there: content by name, of the `files` given.
// Throws Error(kIo) with its first message if it cannot be run, fails, or left a file out.
std::map<std::string, std::string> RunGnuplot(const std::filesystem::path& program,
                                              std::string_view script,
                                              const std::vector<std::string>& files);

}  // namespace mote
