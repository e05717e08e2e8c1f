#include "mote/cli/run_reading.h"

#include <fmt/ranges.h>

#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/command_line.h"
#include "mote/cli/config_file.h"
#include "mote/cli/figure_folder.h"
#include "mote/cli/run_folder.h"
#include "mote/run/csv.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

// CLI11 writes the default of a list as one text, "[a,b]", and reads that as a list again.
std::vector<std::string> InputsOf(const CLI::ConfigItem& item) {
  const std::string whole = item.inputs.size() == 1 ? item.inputs[0] : "";
  if (!whole.starts_with('[') || !whole.ends_with(']')) return item.inputs;
  return CLI::detail::split(whole.substr(1, whole.size() - 2), ',');
}

bool IsDefault(const CLI::ConfigItem& item, const CLI::Option& option) {
  const std::string value = fmt::format("{}", fmt::join(item.inputs, ","));
  const std::string& usual = option.get_default_str();  // of a list in brackets
  return value.empty() || value == usual || "[" + value + "]" == usual;
}

// The command line that gives the same configuration, without what is the default anyway.
std::string RepeatCommand(const std::vector<CLI::ConfigItem>& items, const CLI::App& search) {
  std::string command = "mote search";
  for (const CLI::ConfigItem& item : items) {
    if (!ChangesResults(item.name)) continue;
    const CLI::Option* option = search.get_option_no_throw("--" + item.name);
    if (option == nullptr) continue;
    if (IsDefault(item, *option)) continue;
    command += OptionWords(*option, item.inputs);
  }
  return command + kOtherFolder;
}

bool IsSqlite(const fs::path& file) {
  constexpr std::string_view kMagic = "SQLite format 3";
  std::string begin(kMagic.size(), '\0');
  std::ifstream(file, std::ios::binary).read(begin.data(), std::streamsize(begin.size()));
  return begin == kMagic;
}

}  // namespace

ReportContext ContextOf(const Catalog& catalog) {
  auto lower = std::make_shared<std::set<std::string>>();
  const auto preset = catalog.presets.Create(ScoreSettings().preset, {});
  for (const std::string& name : catalog.estimators.Names()) {
    const EstimatorInfo info = catalog.estimators.Create(name, {}, Setting{*preset})->info();
    if (info.direction == Direction::kLowerIsBetter) lower->insert(name);
  }
  return {catalog.spaces, [lower](const std::string& estimator) {
            return lower->contains(estimator.substr(0, estimator.find('@')));
          }};
}

SearchFolder ReadSearchFolder(const fs::path& folder, Environment& environment) {
  const fs::path config = FindConfig(folder);
  std::vector<CLI::ConfigItem> items;
  try {
    items = ConfigFile().from_file(config.string());
  } catch (const CLI::Error& error) {
    Throw(ErrorCode::kCorrupt, "'{}' is damaged: {}; restore it", config.string(), error.what());
  }
  std::erase_if(items, [](const CLI::ConfigItem& item) {
    return item.parents != std::vector<std::string>{"search"} || item.name == "++" ||
           item.name == "--";
  });
  if (items.empty()) {
    Throw(ErrorCode::kCorrupt, "'{}' holds no [search]; restore it", config.string());
  }
  for (CLI::ConfigItem& item : items) item.inputs = InputsOf(item);
  SearchFolder search;
  search.folder = folder;
  for (const CLI::ConfigItem& item : items) {
    search.options.emplace_back(item.name, fmt::format("{}", fmt::join(item.inputs, " ")));
  }
  const fs::path history = folder / "history.csv";
  if (fs::exists(history)) {
    for (CsvRow& row : ParseCsv(ReadFile(history), history.string())) {
      search.history.push_back(std::move(row.cells));
    }
  }
  const auto app = MakeApp(environment);
  search.repeat = RepeatCommand(items, *app->get_subcommand("search"));
  return search;
}

std::optional<RunKind> KindOf(const fs::path& path) {
  if (fs::is_directory(path)) {
    if (fs::exists(path / kConfigFile)) return RunKind::kSearch;
    if (HasFigures(path)) return RunKind::kFigures;
    return std::nullopt;
  }
  if (fs::is_regular_file(path) && IsSqlite(path)) return RunKind::kStore;
  return std::nullopt;
}

}  // namespace mote::cli
