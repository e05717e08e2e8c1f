#include "mote/cli/command_line.h"

#include <fmt/ranges.h>

#include <set>

namespace mote::cli {
namespace {

// "mote study reduction".
std::string NameOf(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : NameOf(*parent) + " " + command.get_name();
}

bool IsFlag(const CLI::Option& option) { return option.get_expected_max() == 0; }
bool IsPositional(const CLI::Option& option) { return option.get_lnames().empty(); }

std::string WordsOf(const CLI::Option& option) {
  const std::string name = option.get_single_name();
  if (IsPositional(option)) {
    std::string words;
    for (const std::string& value : option.results()) words += " " + ShellWord(value);
    return words;
  }
  if (IsFlag(option)) return " --" + name;
  if (option.get_delimiter() == '\0') return OptionWords(name, option.results());
  const std::string separator(1, option.get_delimiter());
  return OptionWords(name, {fmt::format("{}", fmt::join(option.results(), separator))});
}

}  // namespace

bool ChangesResults(const std::string& option) {
  static const std::set<std::string> kOfNoMatter = {"format", "out", "quiet", "workers", "store"};
  return !kOfNoMatter.contains(option);
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

std::string OptionWords(const std::string& option, const std::vector<std::string>& values) {
  std::string words;
  for (const std::string& value : values) {
    words += fmt::format(" --{} {}", option, ShellWord(value));
  }
  return words;
}

CommandLine CommandLineOf(const CLI::App& command) {
  CommandLine line{.options = {}, .repeat = NameOf(command)};
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_single_name();
    if (name == "help" || !option->get_configurable()) continue;
    const bool is_given = option->count() > 0;
    const std::string value = !is_given ? option->get_default_str()
                              : IsFlag(*option)
                                  ? "true"
                                  : fmt::format("{}", fmt::join(option->results(), " "));
    if (!value.empty()) line.options.emplace_back(name, value);
    if (is_given && ChangesResults(name)) line.repeat += WordsOf(*option);
  }
  line.repeat += " --out NEW-FOLDER";
  return line;
}

}  // namespace mote::cli
