// mote runs: the searches that lie in a folder.
#include <algorithm>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/cli/run_folder.h"
#include "mote/cli/run_reading.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> RunFolders(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    Throw(ErrorCode::kNotFound, "there is no folder '{}'; `mote search` begins a run in runs/",
          folder.string());
  }
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && fs::exists(entry.path() / kConfigFile)) {
      runs.push_back(entry.path());
    }
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

void AddRow(const fs::path& run, const ReportContext& context, Environment& environment,
            ResultTable& table) {
  const std::string name = run.filename().string();
  try {
    const SearchFolder source = ReadSearchFolder(run, environment);
    const SearchRecord record = ReadSearch(source, context);
    std::vector<Cell> row = {name,
                             record.begun,
                             source.Option("strategy"),
                             source.Option("data"),
                             std::string(Name(record.state)),
                             std::int64_t(record.ranking.size()),
                             record.score_name};
    if (record.ranking.empty()) {
      row.insert(row.end(), {Cell(), Cell()});
    } else {
      row.emplace_back(record.ranking.front().score);
      row.emplace_back(record.ranking.front().arch);
    }
    table.AddRow(std::move(row));
  } catch (const Error& error) {
    // One damaged run must not hide the others.
    if (error.code() != ErrorCode::kCorrupt && error.code() != ErrorCode::kUnsupported) throw;
    table.AddRow({name, Cell(), Cell(), Cell(), std::string("damaged"), Cell(), Cell(), Cell(),
                  std::string(error.what())});
  }
}

void PrintRuns(const fs::path& folder, const OutputOptions& output, Environment& environment) {
  const ReportContext context = ContextOf(environment.catalog);
  ResultTable table({{.name = "run"},
                     {.name = "begun"},
                     {.name = "strategy"},
                     {.name = "data", .max_width = 30},
                     {.name = "state"},
                     {.name = "scored"},
                     {.name = "estimator"},
                     {.name = "best", .precision = 4},
                     {.name = "arch"}});
  for (const fs::path& run : RunFolders(folder)) AddRow(run, context, environment, table);
  if (table.rows() == 0) Note(output, fmt::format("no run lies in '{}'", folder.string()));
  Print(table, output);
}

}  // namespace

void AddRunsCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("runs", "List the searches that lie in a folder");
  auto folder = std::make_shared<fs::path>("runs");
  auto output = std::make_shared<OutputOptions>();
  command->add_option("folder", *folder, "a folder of run folders")->capture_default_str();
  AddOutputOptions(*command, *output, "write to this file instead of the terminal");
  command->footer("Example:\n  mote runs");
  command->callback([=, &environment] { PrintRuns(*folder, *output, environment); });
}

}  // namespace mote::cli
