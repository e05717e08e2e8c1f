// What all commands share: where they print, how they stop, the options they have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/stop.h"
#include "mote/cli/progress.h"
#include "mote/cli/text_table.h"
#include "mote/run/catalog.h"
#include "mote/run/session.h"
#include "mote/run/table.h"

namespace mote::cli {

struct Environment {
  const Catalog& catalog;
  StopToken& stop;
  int exit_code = 0;                  // set by a command that ends without an error but not done
  std::filesystem::path resume = {};  // the run folder that `mote resume` continues
};

inline constexpr int kExitFailed = 1, kExitUsage = 2, kExitInterrupted = 130;
// What a shell says of programs that a closed pipe ended.
inline constexpr int kExitOutputClosed = 141;

// Thrown when whoever read standard output has gone, as in `mote list | head -1`. It is no Error:
// the reader has what he wants.
class OutputClosed : public std::exception {
 public:
  const char* what() const noexcept override { return "nobody reads standard output"; }
};

// --format, --out, --quiet.
struct OutputOptions {
  std::string format = "table";
  std::filesystem::path out;
  bool quiet = false;
};
void AddOutputOptions(CLI::App& command, OutputOptions& options, const std::string& out_help);
// The same of a command that writes several files: --out is their folder, and what the command
// prints goes to standard output.
void AddFolderOptions(CLI::App& command, OutputOptions& options, std::filesystem::path& folder,
                      const std::string& files);

// --space, --data, --preset, --backend, --workers, ...: what a Session is made from. The seed is
// each command's own.
void AddScoreOptions(CLI::App& command, ScoreSettings& settings);

// --aggregate: one more column, of estimators joined by rank.
void AddAggregateOption(CLI::App& command, ScoreSettings& settings);

// --isa, which AddScoreOptions brings along: caps the instruction set of the native engine, in the
// whole process and before the command does anything. None, or an empty one as in a configuration
// file: the best there is.
CLI::Option* AddIsaOption(CLI::App& command);

// --store: where probe results are kept between runs; "none" keeps them in memory.
void AddStoreOption(CLI::App& command, std::string& store);
// What --store means as ScoreSettings::store.
std::filesystem::path StorePath(const std::string& store);
// Opens the store of a session that was made with it: of a session, since by then all names have
// been checked and what is wrong leaves no file behind. The default store, if another process has
// it, is left alone and said so on stderr, and `store` becomes "none"; a store that the user named
// is insisted on.
void OpenStore(Session& session, std::string& store);

// --arch, --file, --sample, --all: which architectures.
struct Selection {
  std::vector<std::string> texts;
  std::filesystem::path file;
  int sample = 0;
  bool all = false;
};
void AddSelection(CLI::App& command, Selection& selection);
// In the order given; the sample is drawn from `seed` alone, without repetition. Where a table is
// loaded, samples and --all take its rows, and an official index names an architecture. `stated`
// becomes the population in words.
std::vector<Architecture> Select(const Selection& selection, const SearchSpace& space,
                                 const Table* table, std::uint64_t seed, std::string& stated);

// Before long work: throws Error if options.out is a file that cannot be written. Changes nothing.
void CheckOutput(const OutputOptions& options);
// All of the text. Throws OutputClosed, or Error(kIo) with the system's reason.
void WriteToStdout(std::string_view text);
// Prints a result to stdout, or to options.out (whole or not at all).
void Print(const ResultTable& table, const OutputOptions& options);
void PrintText(const std::string& text, const OutputOptions& options);
Format FormatOf(const OutputOptions& options);

// A line for people on stderr, unless quiet.
void Note(const OutputOptions& options, const std::string& line);

// "about 1:35 min" before a long job: cells and time on stderr, unless quiet.
void PrintForecast(const OutputOptions& options, Session& session,
                   std::span<const ConfiguredEstimator> estimators, int networks);
// The same for one probe, judged by another that does a share of its work.
void PrintForecast(const OutputOptions& options, const Session& session, const Probe& probe,
                   const Probe& shortened, int networks);

// Moves the bar with an evaluator's progress.
ProgressCallback Follow(Progress& bar);

// Each adds one command to the program.
void AddScoreCommand(CLI::App& app, Environment& environment);
void AddSearchCommand(CLI::App& app, Environment& environment);
void AddResumeCommand(CLI::App& app, Environment& environment);
void AddCorrelateCommand(CLI::App& app, Environment& environment);
void AddCalibrateCommand(CLI::App& app, Environment& environment);
void AddReplayCommand(CLI::App& app, Environment& environment);
void AddCompareCommand(CLI::App& app, Environment& environment);
void AddPlanCommand(CLI::App& app, Environment& environment);
void AddBenchCommand(CLI::App& app, Environment& environment);
void AddExportCommand(CLI::App& app);
void AddShowCommand(CLI::App& app, Environment& environment);
void AddStudyCommand(CLI::App& app, Environment& environment);
void AddLandscapeCommand(CLI::App& app, Environment& environment);
void AddReportCommand(CLI::App& app, Environment& environment);
void AddRunsCommand(CLI::App& app, Environment& environment);
void AddStatusCommand(CLI::App& app, Environment& environment);
void AddVerifyCommand(CLI::App& app, Environment& environment);
void AddTableCommand(CLI::App& app, Environment& environment);
void AddListCommand(CLI::App& app, Environment& environment);
void AddDoctorCommand(CLI::App& app, Environment& environment);

// The whole program, ready to parse.
std::unique_ptr<CLI::App> MakeApp(Environment& environment);

}  // namespace mote::cli
