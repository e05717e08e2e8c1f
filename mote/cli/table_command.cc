// mote table: tables of truths. Its one subcommand makes one from the records of MOTE's authors.
#include <iostream>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/table_import.h"

namespace mote::cli {
namespace {

struct ImportOptions {
  std::filesystem::path folder;
  OutputOptions output;
};

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "no known data set" : text;
}

void Run(const ImportOptions& options, Environment& environment) {
  CheckOutput(options.output);
  const auto space = environment.catalog.spaces.Create("nasbench201", {});
  Progress bar(std::cerr, ProgressOptions::ForStderr("reading", options.output.quiet));
  bool started = false;
  const auto follow = [&](int, int files) {
    if (!started) bar.SetTotal(files);
    started = true;
    bar.Advance();
  };
  const ImportedTable table =
      ImportAuthorsRecords(options.folder, *space, follow, &environment.stop);
  bar.Finish();
  WriteTable(options.output.out, table.csv);
  if (table.differing > 0) {
    Note(options.output,
         fmt::format("{} cells have not the same MOTE record for all data sets; the first stands",
                     table.differing));
  }
  Note(options.output,
       fmt::format("{} cells from {} files, with accuracies of {}: {}", table.cells, table.files,
                   Joined(table.data_sets), options.output.out.string()));
}

}  // namespace

void AddTableCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("table", "Make tables of truths for --table");
  command->require_subcommand(1);
  auto* make = command->add_subcommand(
      "import", "Make one CSV of the records in a checkout of the MOTE authors' repository");
  make->fallthrough();
  auto options = std::make_shared<ImportOptions>();
  make->add_option("folder", options->folder,
                   "the checkout, or a folder of it that holds records (<index>.json)")
      ->required();
  make->add_option("--out", options->output.out,
                   "the table: a row per cell; packed if it is called .gz")
      ->required()
      ->group("Output");
  make->add_flag("--quiet,-q", options->output.quiet, "no progress or notes")->group("Output");
  constexpr const char* kExample =
      "Example:\n  mote table import MOTE-NAS --out mote_reference.csv.gz\n"
      "  mote replay --scores mote_reference.csv.gz --table mote_reference.csv.gz";
  command->footer(kExample);
  make->footer(kExample);
  make->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
