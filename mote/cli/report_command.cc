// mote report: runs as one HTML page.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/command.h"
#include "mote/cli/figure_folder.h"
#include "mote/cli/run_reading.h"
#include "mote/report/page.h"
#include "mote/report/search_section.h"
#include "mote/report/store_section.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPageName = "report.html";

struct ReportOptions {
  std::vector<fs::path> runs;
  bool live = false;
  int every = 5;  // seconds
  OutputOptions output;
};

RunKind RequireKind(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    Throw(ErrorCode::kNotFound,
          "there is no '{}'; name a run folder, a store file or a folder of figures",
          path.string());
  }
  const auto kind = KindOf(path);
  if (!kind) {
    Throw(ErrorCode::kInvalidArgument,
          "'{}' is neither the folder of a search (with config.toml), nor a store file, nor a "
          "folder of figures (with *.svg or *.csv)",
          path.string());
  }
  return *kind;
}

ReportSection ReadSection(const fs::path& path, RunKind kind, const ReportContext& context,
                          Environment& environment) {
  const std::string title = path.string();
  switch (kind) {
    case RunKind::kSearch:
      return SectionOf(ReadSearch(ReadSearchFolder(path, environment), context), title, context);
    case RunKind::kStore:
      return SectionOf(ReadStoreContent(path), title, context);
    case RunKind::kFigures:
      return FigureSection(path, title);
  }
  Throw(ErrorCode::kInternal, "a kind of run that nothing reads");
}

bool CanWrite(const fs::path& folder) { return ::access(folder.c_str(), W_OK) == 0; }

// In the folder of the only run, else in the current one, where a file that is no page of ours is
// not written over.
fs::path PlaceOf(const ReportOptions& options) {
  if (!options.output.out.empty()) return options.output.out;
  const fs::path& run = options.runs.front();
  if (options.runs.size() == 1 && fs::is_directory(run) && CanWrite(run)) return run / kPageName;
  const fs::path place = kPageName;
  if (fs::exists(place) && !IsReportPage(ReadFile(place))) {
    Throw(ErrorCode::kInvalidArgument, "'{}' is here and no page of mote; say --out FILE",
          place.string());
  }
  return place;
}

void Say(const fs::path& place, const std::vector<ReportSection>& sections,
         const ReportOptions& options) {
  OutputOptions to_stdout = options.output;
  to_stdout.out.clear();  // --out is the page
  if (FormatOf(to_stdout) == Format::kText) {
    PrintText(fmt::format("wrote {}\n", place.string()), to_stdout);
    return;
  }
  ResultTable table(
      {{.name = "report"}, {.name = "run"}, {.name = "state"}, {.name = "architectures"}});
  for (const ReportSection& section : sections) {
    table.AddRow(
        {place.string(), section.title, section.state, std::int64_t(section.candidates.rows())});
  }
  Print(table, to_stdout);
}

// False if a stop was asked for meanwhile.
bool Wait(int seconds, const StopToken& stop) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (stop.requested()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return !stop.requested();
}

bool AllFinished(const std::vector<ReportSection>& sections) {
  for (const ReportSection& section : sections) {
    if (section.state != "finished") return false;
  }
  return true;
}

void Run(const ReportOptions& options, Environment& environment) {
  const ReportContext context = ContextOf(environment.catalog);
  std::vector<RunKind> kinds;
  for (const fs::path& run : options.runs) kinds.push_back(RequireKind(run));
  const fs::path place = PlaceOf(options);
  CheckWritable(place);
  const auto read = [&] {
    std::vector<ReportSection> sections;
    for (std::size_t i = 0; i < options.runs.size(); ++i) {
      sections.push_back(ReadSection(options.runs[i], kinds[i], context, environment));
    }
    return sections;
  };
  std::vector<ReportSection> sections = read();
  if (options.live && !AllFinished(sections)) {
    Note(options.output, fmt::format("{} is written anew every {} seconds until the end or Ctrl-C",
                                     place.string(), options.every));
    do {
      WriteFileAtomically(place, ReportPage(sections, context, {.reload_seconds = options.every}));
      if (!Wait(options.every, environment.stop)) {
        environment.exit_code = kExitInterrupted;
        break;
      }
      sections = read();
    } while (!AllFinished(sections));
  }
  WriteFileAtomically(place, ReportPage(sections, context));
  Say(place, sections, options);
}

}  // namespace

void AddReportCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("report", "Make one HTML page of runs, stores or figures");
  auto options = std::make_shared<ReportOptions>();
  command
      ->add_option("runs", options->runs,
                   "run folders of searches, store files, folders of figures; several stand on one "
                   "page, their curves over each other")
      ->required();
  command->add_flag("--live", options->live,
                    "write the page anew every few seconds while the search goes on; the page "
                    "loads itself again");
  command->add_option("--every", options->every, "how many seconds between, with --live")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  AddOutputOptions(*command, options->output,
                   "the page; default: report.html in the run folder, or in the current folder for "
                   "several runs, a store file or a folder that cannot be written");
  command->footer(
      "The page needs no server and no network: open it with a browser, pass it on by mail.\n"
      "Example:\n  mote report runs/photos");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
