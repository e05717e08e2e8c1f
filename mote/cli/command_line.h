// What a command was told, in a form that a reader can look up and use again.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "mote/report/section.h"

namespace mote::cli {

// False of how a command prints, where it writes and how many it does at once.
bool ChangesResults(const std::string& option);

// "for a shell": as it is where that means itself, else in single quotes.
std::string ShellWord(const std::string& text);

// What gives an option these values, a blank before each word; nothing for a flag that is not set.
std::string OptionWords(const CLI::Option& option, const std::vector<std::string>& values);

// The end of a command line that is to be repeated: what was written once stays as it is.
inline constexpr const char* kOtherFolder = " --out NEW-FOLDER";

struct CommandLine {
  Facts options;       // all that have a value, given or by default
  std::string repeat;  // what was given, as a command line that writes to another folder
};

// Of a command with --out, after it was parsed.
CommandLine CommandLineOf(const CLI::App& command);

}  // namespace mote::cli
