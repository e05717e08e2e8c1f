// Configuration files: TOML as CLI11 reads and writes it, with # inside quotes kept.
#pragma once

#include <CLI/CLI.hpp>

namespace mote::cli {

class ConfigFile : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
};

}  // namespace mote::cli
