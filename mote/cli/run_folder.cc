#include "mote/cli/run_folder.h"

#include <fmt/chrono.h>

#include <chrono>

#include "mote/base/error.h"
#include "mote/base/file.h"

namespace mote::cli {
namespace {

// The last line of a whole configuration file.
constexpr std::string_view kConfigEnd = "# end\n";

}  // namespace

std::filesystem::path NewRunFolder() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string base = fmt::format("runs/{:%Y-%m-%d-%H%M%S}-search",
                                       fmt::localtime(std::chrono::system_clock::to_time_t(now)));
  std::filesystem::path folder = base;
  for (int i = 2; std::filesystem::exists(folder); ++i) folder = fmt::format("{}-{}", base, i);
  return folder;
}

void RefuseUsedFolder(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / kConfigFile)) return;
  Throw(ErrorCode::kInvalidArgument,
        "'{}' holds a run already; go on with `mote resume {}` or choose another --out",
        folder.string(), folder.string());
}

void WriteConfig(const std::filesystem::path& folder, const std::string& options) {
  WriteFileAtomically(folder / kConfigFile, fmt::format("[search]\n{}{}", options, kConfigEnd));
}

std::filesystem::path FindConfig(const std::filesystem::path& folder) {
  std::filesystem::path config = folder / kConfigFile;
  if (!std::filesystem::exists(config)) {
    Throw(ErrorCode::kNotFound,
          "'{}' holds no run: there is no {}; `mote search --out {}` begins one", folder.string(),
          kConfigFile, folder.string());
  }
  if (!ReadFile(config).ends_with(kConfigEnd)) {
    Throw(ErrorCode::kCorrupt, "'{}' is damaged: its end is missing; restore it or begin a new run",
          config.string());
  }
  return config;
}

void RequireEveryOption(const CLI::App& command, const std::filesystem::path& folder) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_configurable() || option->count() > 0) continue;
    Throw(ErrorCode::kCorrupt,
          "'{}' is damaged: its line of {} is missing; restore it or begin a new run",
          (folder / kConfigFile).string(), option->get_single_name());
  }
}

}  // namespace mote::cli
