// mote export: everything a store holds, as rows.
#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/store/store.h"

namespace mote::cli {
namespace {

struct ExportOptions {
  std::filesystem::path store;
  std::string what = "estimates";
  OutputOptions output;
};

ResultTable Estimates(Store& store) {
  ResultTable table({{.name = "arch"},
                     {.name = "estimator"},
                     {.name = "seed"},
                     {.name = "replicate"},
                     {.name = "value"},
                     {.name = "failure"},
                     {.name = "options", .max_width = 40}});
  store.ForEachEstimate([&](const EstimateRecord& record) {
    table.AddRow({record.architecture, record.estimator, std::int64_t(record.seed),
                  std::int64_t(record.replicate), record.value ? Cell(*record.value) : Cell(),
                  record.value ? Cell() : Cell(record.value.failure().message), record.options});
  });
  return table;
}

ResultTable Probes(Store& store) {
  ResultTable table({{.name = "arch"},
                     {.name = "probe"},
                     {.name = "seed"},
                     {.name = "replicate"},
                     {.name = "series"},
                     {.name = "index"},
                     {.name = "value"},
                     {.name = "options", .max_width = 40}});
  store.ForEachProbe([&](const ProbeRecord& record) {
    if (!record.result) return;
    for (const auto& [series, values] : record.result->series()) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        table.AddRow({record.architecture, record.probe, std::int64_t(record.seed),
                      std::int64_t(record.replicate), series, std::int64_t(i), values[i],
                      record.options});
      }
    }
  });
  return table;
}

void Run(const ExportOptions& options) {
  std::filesystem::path file = options.store;
  if (std::filesystem::is_directory(file)) file /= "store.sqlite";
  const auto store = Store::OpenReadOnly(file);
  Print(options.what == "probes" ? Probes(*store) : Estimates(*store), options.output);
}

}  // namespace

void AddExportCommand(CLI::App& app) {
  auto* command = app.add_subcommand("export", "Write what a run measured, every number of it");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("store", options->store, "a run folder or a store")->required();
  command
      ->add_option("--what", options->what,
                   "estimates, a row each; or probes: every loss of every training, a row each")
      ->check(CLI::IsMember({"estimates", "probes"}))
      ->capture_default_str();
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "Example:\n  mote export runs/photos --what probes --format csv --out losses.csv");
  command->callback([options] { Run(*options); });
}

}  // namespace mote::cli
