#include "mote/cli/config_file.h"

#include <sstream>

namespace mote::cli {
namespace {

// A line up to the first # outside quotes.
std::string WithoutComment(const std::string& line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

}  // namespace

// CLI11 2.1 takes any # for the start of a comment: comments are taken out before it reads, and it
// is told to look for a character that no file has.
std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& input) const {
  std::stringstream without_comments;
  for (std::string line; std::getline(input, line);) {
    without_comments << WithoutComment(line) << '\n';
  }
  CLI::ConfigTOML toml;
  toml.comment('\x01');
  return toml.from_config(without_comments);
}

}  // namespace mote::cli
