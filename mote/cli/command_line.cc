#include "mote/cli/command_line.h"

#include <fmt/ranges.h>

#include <set>
#include <string_view>

namespace mote::cli {
namespace {

// "mote study reduction".
std::string NameOf(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : NameOf(*parent) + " " + command.get_name();
}

// Those of its groups, too, which are commands without a name to CLI11.
std::vector<const CLI::Option*> OptionsOf(const CLI::App& command) {
  std::vector<const CLI::Option*> options = command.get_options();
  const auto groups =
      command.get_subcommands([](const CLI::App* part) { return part->get_name().empty(); });
  for (const CLI::App* group : groups) {
    const auto more = OptionsOf(*group);
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

bool IsFlag(const CLI::Option& option) { return option.get_expected_max() == 0; }
bool IsSet(const std::vector<std::string>& flags) {
  return !flags.empty() && CLI::detail::to_flag_value(flags.back()) > 0;
}

std::string Joined(const CLI::Option& option, const std::vector<std::string>& values) {
  const char delimiter = option.get_delimiter();
  return fmt::format("{}", fmt::join(values, delimiter == '\0' ? " " : std::string(1, delimiter)));
}

std::string ValueOf(const CLI::Option& option) {
  if (option.count() > 0) {
    if (IsFlag(option)) return IsSet(option.results()) ? "true" : "false";
    return Joined(option, option.results());
  }
  // CLI11 writes the default of a list as "[a,b]".
  std::string usual = option.get_default_str();
  if (usual.starts_with('[') && usual.ends_with(']')) usual = usual.substr(1, usual.size() - 2);
  return usual;
}

}  // namespace

bool ChangesResults(const std::string& option) {
  static const std::set<std::string> of_no_matter = {"format", "out", "quiet", "workers", "store"};
  return !of_no_matter.contains(option);
}

std::string ShellWord(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:@%+";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      word += "'\\''";
    } else {
      word += letter;
    }
  }
  return word + "'";
}

std::string OptionWords(const CLI::Option& option, const std::vector<std::string>& values) {
  const bool is_positional = option.get_lnames().empty();
  const std::string name = is_positional ? "" : " --" + option.get_lnames().front();
  if (IsFlag(option)) return IsSet(values) ? name : "";
  if (option.get_delimiter() != '\0') return name + " " + ShellWord(Joined(option, values));
  std::string words;
  for (const std::string& value : values) words += name + " " + ShellWord(value);
  return words;
}

CommandLine CommandLineOf(const CLI::App& command) {
  CommandLine line{.options = {}, .repeat = NameOf(command)};
  for (const CLI::Option* option : OptionsOf(command)) {
    if (!option->get_configurable()) continue;
    const std::string name = option->get_single_name();
    if (std::string value = ValueOf(*option); !value.empty()) {
      line.options.emplace_back(name, std::move(value));
    }
    if (option->count() > 0 && ChangesResults(name)) {
      line.repeat += OptionWords(*option, option->results());
    }
  }
  line.repeat += kOtherFolder;
  return line;
}

}  // namespace mote::cli
