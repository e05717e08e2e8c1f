// The folder of a search: its configuration, from which it is gone on with, beside what it finds.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

namespace mote::cli {

inline constexpr const char* kConfigFile = "config.toml";

// runs/<date>-search, with a number appended if that is taken. Makes nothing.
std::filesystem::path NewRunFolder();

// Throws Error(kInvalidArgument) if the folder holds a run: none is ever written over.
void RefuseUsedFolder(const std::filesystem::path& folder);

// `options`: every option of `mote search` and its value, in TOML.
void WriteConfig(const std::filesystem::path& folder, const std::string& options);

// The configuration of the run that the folder holds. Throws Error(kNotFound) if it holds none,
// Error(kCorrupt) if the end is missing.
std::filesystem::path FindConfig(const std::filesystem::path& folder);

// After `command` was parsed with that configuration. Throws Error(kCorrupt) if an option has no
// value: its line is lost, and the default would go on with another search unnoticed.
void RequireEveryOption(const CLI::App& command, const std::filesystem::path& folder);

}  // namespace mote::cli
