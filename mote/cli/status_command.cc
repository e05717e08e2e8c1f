// mote status: how far a search is.
#include <cmath>
#include <ctime>

#include "mote/cli/command.h"
#include "mote/cli/command_line.h"
#include "mote/cli/run_reading.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

// Seconds between two dates as the store writes them; nothing if one is none.
std::optional<double> SecondsBetween(const std::string& from, const std::string& to) {
  std::tm a = {}, b = {};
  if (::strptime(from.c_str(), "%Y-%m-%dT%H:%M:%SZ", &a) == nullptr ||
      ::strptime(to.c_str(), "%Y-%m-%dT%H:%M:%SZ", &b) == nullptr) {
    return std::nullopt;
  }
  return double(::timegm(&b) - ::timegm(&a));
}

// Networks per second from the beginning to the last one; nothing of fewer than two.
std::optional<double> RateOf(const SearchRecord& record) {
  const auto seconds = SecondsBetween(record.begun, record.last);
  if (!seconds || *seconds <= 0 || record.networks < 2) return std::nullopt;
  return record.networks / *seconds;
}

std::string NextOf(const SearchRecord& record) {
  const std::string run = ShellWord(record.source.folder.string());
  switch (record.state) {
    case RunState::kFinished:
      return "mote report " + run;
    case RunState::kRunning:
      return "mote report --live " + run;
    case RunState::kStopped:
      return "mote resume " + run;
  }
  return "";
}

std::string ForPeople(const SearchRecord& record) {
  std::string text;
  const auto line = [&text](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("{:<16}{}\n", name, value);
  };
  line("run", record.source.folder.string());
  line("state", fmt::format("{}, {}", Name(record.state), record.stage));
  line("strategy", record.source.Option("strategy"));
  line("data", record.data);
  line("begun", record.begun);
  line("last network", record.last);
  line("scored", fmt::format("{} architectures", record.ranking.size()));
  if (!record.failures.empty()) line("failed", std::to_string(record.failures.size()));
  if (!record.ranking.empty()) {
    const RankedRow& best = record.ranking.front();
    line("best so far", fmt::format("{} {:.4f}  {}", record.score_name, best.score, best.arch));
  }
  const auto rate = RateOf(record);
  if (record.networks > 0) {
    line("measured", fmt::format("{} networks, {:.1f} core seconds{}", record.networks,
                                 record.seconds, rate ? ", " + FormatRate(*rate) : ""));
  }
  line(record.state == RunState::kStopped ? "go on with" : "look at it with", NextOf(record));
  return text;
}

void PrintStatus(const fs::path& folder, const OutputOptions& output, Environment& environment) {
  const SearchRecord record =
      ReadSearch(ReadSearchFolder(folder, environment), ContextOf(environment.catalog));
  if (FormatOf(output) == Format::kText) {
    PrintText(ForPeople(record), output);
    return;
  }
  ResultTable table({{.name = "run"},
                     {.name = "state"},
                     {.name = "stage"},
                     {.name = "strategy"},
                     {.name = "data"},
                     {.name = "begun"},
                     {.name = "last"},
                     {.name = "scored"},
                     {.name = "failed"},
                     {.name = "estimator"},
                     {.name = "best"},
                     {.name = "arch"},
                     {.name = "networks"},
                     {.name = "core_seconds"},
                     {.name = "networks_per_second"},
                     {.name = "next"}});
  const bool any = !record.ranking.empty();
  table.AddRow({folder.string(), std::string(Name(record.state)), record.stage,
                record.source.Option("strategy"), record.data, record.begun,
                record.last.empty() ? Cell() : Cell(record.last),
                std::int64_t(record.ranking.size()), std::int64_t(record.failures.size()),
                record.score_name, any ? Cell(record.ranking.front().score) : Cell(),
                any ? Cell(record.ranking.front().arch) : Cell(), std::int64_t(record.networks),
                record.seconds, CellOf(RateOf(record)), NextOf(record)});
  Print(table, output);
}

}  // namespace

void AddStatusCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("status", "Say how far a search is, running or not");
  auto folder = std::make_shared<fs::path>();
  auto output = std::make_shared<OutputOptions>();
  command->add_option("run", *folder, "run folder of a search")->required();
  AddOutputOptions(*command, *output, "write to this file instead of the terminal");
  command->footer("Example:\n  mote status runs/photos");
  command->callback([=, &environment] { PrintStatus(*folder, *output, environment); });
}

}  // namespace mote::cli
