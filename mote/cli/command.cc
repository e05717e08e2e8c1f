#include "mote/cli/command.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>
#include <sstream>

#include "mote/backends/cpu_engine.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/space/operators.h"

namespace mote::cli {
namespace {

constexpr const char* kDefaultStore = "runs/store.sqlite";

Architecture ParseArchitecture(const std::string& text, const SearchSpace& space,
                               const Table* table) {
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (table && number && std::int64_t(text.size()) < std::int64_t(space.choices().size())) {
    const auto row = table->RowOfIndex(ParseInt(text, "index"));
    if (row) return table->architectures()[*row];
    Throw(ErrorCode::kInvalidArgument, "table '{}' has no architecture of index {}", table->name(),
          text);
  }
  return space.Parse(text);
}

// One a line; empty lines and those that begin with # are skipped.
std::vector<Architecture> ReadArchitectures(const std::filesystem::path& file,
                                            const SearchSpace& space, const Table* table) {
  std::istringstream text(ReadMaybeGzip(file));
  std::vector<Architecture> architectures;
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    const auto end = line.find_last_not_of(" \t\r") + 1;
    try {
      architectures.push_back(ParseArchitecture(line.substr(begin, end - begin), space, table));
    } catch (const Error& error) {
      Throw(ErrorCode::kCorrupt, "'{}', line {}: {}", file.string(), number, error.what());
    }
  }
  if (architectures.empty()) {
    Throw(ErrorCode::kCorrupt, "'{}' holds no architecture; write one a line", file.string());
  }
  return architectures;
}

void AddPrintOptions(CLI::App& command, OutputOptions& options) {
  command.add_option("--format", options.format, "how to print: table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str()
      ->group("Output");
  command.add_flag("--quiet,-q", options.quiet, "no progress, forecast or notes")->group("Output");
}

}  // namespace

void AddOutputOptions(CLI::App& command, OutputOptions& options, const std::string& out_help) {
  AddPrintOptions(command, options);
  command.add_option("--out", options.out, out_help)->group("Output");
}

void AddFolderOptions(CLI::App& command, OutputOptions& options, std::filesystem::path& folder,
                      const std::string& files) {
  AddPrintOptions(command, options);
  command.add_option("--out", folder, "folder of " + files)->capture_default_str()->group("Output");
}

void AddScoreOptions(CLI::App& command, ScoreSettings& settings) {
  command.add_option("--space", settings.space, "search space")->capture_default_str();
  command
      .add_option("--data", settings.data,
                  "images: fashion-mnist, noise, or the path of a folder or file that is "
                  "recognised (mote list datasets)")
      ->capture_default_str();
  command
      .add_option("--image-size", settings.image_size,
                  "side to which images of an image folder are resized")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_option("--preset", settings.preset, "how networks are trained (mote list presets)")
      ->capture_default_str();
  command.add_option("--network", settings.network,
                     "what estimators look at that train nothing: full (the benchmark's network), "
                     "reduced (the paper's), or a preset's; default: each its own");
  command
      .add_option("--set", settings.set,
                  "an option of a component: mote.form=slides, fast.epochs=10, ...; "
                  "may be repeated")
      ->take_all();
  command.add_option("--backend", settings.backend,
                     "engine: native, torch, reference or check(A,B); default: the fastest there "
                     "is");
  command.add_option("--device", settings.device, "cpu or cuda")->capture_default_str();
  command.add_option("--workers", settings.workers, "networks trained at once; 0: one per core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  AddIsaOption(command);
}

void AddAggregateOption(CLI::App& command, ScoreSettings& settings) {
  command
      .add_option(
          "--aggregate", settings.aggregate,
          "estimators, comma-separated, whose ranks are joined into one more column "
          "'aggregate': the sum of their logarithms, unfitted; of another preset: mote@wide")
      ->delimiter(',');
}

CLI::Option* AddIsaOption(CLI::App& command) {
  return command.add_option_function<std::string>(
      "--isa",
      [](const std::string& name) {
        if (!name.empty()) CapEngineIsa(name);
      },
      "instruction set of backend native: avx512, avx2, sse4 or neon; default: the best of this "
      "CPU");
}

void AddStoreOption(CLI::App& command, std::string& store) {
  store = kDefaultStore;
  command
      .add_option("--store", store,
                  "SQLite file that keeps what was measured, so that nothing is trained twice; "
                  "none: keep nothing")
      ->capture_default_str();
}

std::filesystem::path StorePath(const std::string& store) { return store == "none" ? "" : store; }

void OpenStore(Session& session, std::string& store) {
  try {
    session.OpenStore();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kIo || store != kDefaultStore) throw;
    std::cerr << "mote: " << error.what() << "; going on without keeping results\n";
    session.ForgoStore();
    store = "none";
  }
}

void AddSelection(CLI::App& command, Selection& selection) {
  auto* group = command.add_option_group("Architectures", "which ones; one of these");
  group->add_option("--arch", selection.texts,
                    "architectures: official strings, six digits, or indices of the table");
  group->add_option("--file", selection.file, "file with one architecture a line; # comments");
  group->add_option("--sample", selection.sample, "so many, drawn by seed")
      ->check(CLI::Range(1, 1000000));
  group->add_flag("--all", selection.all, "the whole space, or the whole table");
  group->require_option(1);
}

std::vector<Architecture> Select(const Selection& selection, const SearchSpace& space,
                                 const Table* table, std::uint64_t seed, std::string& stated) {
  std::vector<Architecture> chosen;
  if (!selection.texts.empty() || !selection.file.empty()) {
    if (!selection.file.empty()) chosen = ReadArchitectures(selection.file, space, table);
    for (const std::string& text : selection.texts) {
      chosen.push_back(ParseArchitecture(text, space, table));
    }
    stated = fmt::format("{} given architectures", chosen.size());
    return chosen;
  }
  const std::int64_t population = table ? table->rows() : space.size();
  const auto at = [&](std::int64_t i) { return table ? table->architectures()[i] : space.At(i); };
  const std::string whole =
      table ? fmt::format("table {}", table->name()) : fmt::format("space {}", space.name());
  if (selection.all) {
    for (std::int64_t i = 0; i < population; ++i) chosen.push_back(at(i));
    stated = fmt::format("all {} architectures of {}", population, whole);
    return chosen;
  }
  if (selection.sample > population) {
    Throw(ErrorCode::kInvalidArgument, "--sample {}: there are only {} architectures in {}",
          selection.sample, population, whole);
  }
  Rng rng(Key(seed, "sample"));
  for (int i : rng.Sample(int(population), selection.sample)) chosen.push_back(at(i));
  stated = fmt::format("{} of {} architectures of {}, drawn by seed {}", selection.sample,
                       population, whole, seed);
  return chosen;
}

Format FormatOf(const OutputOptions& options) {
  if (options.format == "json") return Format::kJson;
  return options.format == "csv" ? Format::kCsv : Format::kText;
}

void CheckOutput(const OutputOptions& options) {
  if (!options.out.empty()) CheckWritable(options.out);
}

// Not by std::cout, which does not tell why it failed.
void WriteToStdout(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EPIPE) throw OutputClosed();
    if (count < 0) {
      Throw(ErrorCode::kIo, "cannot write to standard output: {}", std::strerror(errno));
    }
    text.remove_prefix(std::size_t(count));
  }
}

void PrintText(const std::string& text, const OutputOptions& options) {
  if (options.out.empty()) {
    WriteToStdout(text);
  } else {
    WriteFileAtomically(options.out, text);
  }
}

void Print(const ResultTable& table, const OutputOptions& options) {
  std::ostringstream text;
  TextStyle style;
  style.colour = options.out.empty() && UseColour(1);
  table.Write(text, FormatOf(options), style);
  PrintText(text.str(), options);
}

void Note(const OutputOptions& options, const std::string& line) {
  if (!options.quiet) std::cerr << line << '\n';
}

namespace {

// A dozen networks are done before their forecast would be.
constexpr int kLeastForecast = 12;

void PrintSeconds(const OutputOptions& options, const Session& session, double seconds,
                  int networks) {
  if (seconds <= 0) return;
  Note(options,
       fmt::format("forecast: {} networks, about {} on {} worker{}", networks,
                   FormatDuration(seconds), session.workers(), session.workers() == 1 ? "" : "s"));
}

}  // namespace

void PrintForecast(const OutputOptions& options, Session& session,
                   std::span<const ConfiguredEstimator> estimators, int networks) {
  if (options.quiet || networks < kLeastForecast) return;
  PrintSeconds(options, session, session.ForecastSeconds(estimators, networks), networks);
}

void PrintForecast(const OutputOptions& options, const Session& session, const Probe& probe,
                   const Probe& shortened, int networks) {
  if (options.quiet || networks < kLeastForecast) return;
  PrintSeconds(options, session, session.ForecastSeconds(probe, shortened, networks), networks);
}

ProgressCallback Follow(Progress& bar) {
  auto seen = std::make_shared<EvaluationProgress>();
  return [&bar, seen](const EvaluationProgress& now) {
    if (seen->probes_total == 0) bar.SetTotal(now.probes_total);
    const int worked = now.probes_measured - seen->probes_measured;
    bar.Skip(now.probes_done - seen->probes_done - worked);
    bar.Advance(worked);
    *seen = now;
  };
}

}  // namespace mote::cli
