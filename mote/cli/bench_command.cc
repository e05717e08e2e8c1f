// mote bench: backends side by side on the same work, in one process.
#include <algorithm>
#include <iostream>

#include "mote/backends/cpu_engine.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/speed.h"

namespace mote::cli {
namespace {

struct BenchOptions {
  std::vector<std::string> workloads;
  std::vector<std::string> backends;
  std::vector<std::string> set;
  int rounds = 5;
  CellSample sample;
  OutputOptions output;
};

std::vector<Workload> Choose(std::vector<Workload> all, const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<std::string> known;
  known.reserve(all.size());
  for (const Workload& workload : all) known.push_back(workload.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Throw(ErrorCode::kInvalidArgument, "there is no workload '{}'; there is {}", name,
          ListOr(known));
  }
  std::erase_if(all, [&](const Workload& workload) {
    return std::find(names.begin(), names.end(), workload.name) == names.end();
  });
  return all;
}

std::vector<Workload> AllWorkloads(const Catalog& catalog, const CellSample& sample) {
  return MakeWorkloads(*catalog.spaces.Create("nasbench201", {}), catalog.presets, sample);
}

struct Measured {
  Workload workload;
  std::vector<Speed> speeds;  // by backend
};

ResultTable TableOf(const std::vector<Measured>& rows,
                    std::span<const std::unique_ptr<Backend>> backends, double peak,
                    bool for_people) {
  std::vector<Column> columns = {{.name = "workload"},
                                 {.name = "cells"},
                                 {.name = "batch"},
                                 {.name = "backend"},
                                 {.name = "ms_per_step", .header = "ms/step", .precision = 3},
                                 {.name = "ratio", .precision = 2},
                                 {.name = "gflops", .header = "GFLOP/s", .precision = 1},
                                 {.name = "peak_percent", .header = "% of peak", .precision = 0}};
  // What people read in a note, and how to make the work again.
  if (!for_people) {
    columns.insert(columns.end(), {{.name = "version"},
                                   {.name = "isa"},
                                   {.name = "peak_gflops"},
                                   {.name = "processor"},
                                   {.name = "summary"}});
  }
  ResultTable table(std::move(columns));
  for (const auto& [workload, speeds] : rows) {
    table.AddSeparator();
    for (std::size_t b = 0; b < backends.size(); ++b) {
      const BackendTraits traits = backends[b]->traits();
      const double gflops = 1e-9 * speeds[b].flops / speeds[b].seconds;
      std::vector<Cell> row = {workload.name,
                               std::int64_t(workload.cells.size()),
                               std::int64_t(workload.batch_size),
                               traits.name,
                               1e3 * speeds[b].seconds,
                               speeds[b].seconds / speeds[0].seconds,
                               gflops,
                               100 * gflops / peak};
      if (!for_people) {
        row.insert(row.end(), {traits.version, traits.isa, peak, CpuModel(), workload.summary});
      }
      table.AddRow(std::move(row));
    }
  }
  return table;
}

void Run(const BenchOptions& options, Environment& environment) {
  CheckOutput(options.output);
  const Catalog& catalog = environment.catalog;
  const Assignments assignments = ParseAssignments(catalog, options.set);
  std::vector<std::unique_ptr<Backend>> backends;
  for (const std::string& name : options.backends) {
    backends.push_back(MakeBackend(catalog, name, "cpu", assignments));
  }
  const auto space = catalog.spaces.Create("nasbench201", {});
  auto workloads = Choose(AllWorkloads(catalog, options.sample), options.workloads);

  Progress bar(std::cerr, ProgressOptions::ForStderr("measuring", options.output.quiet));
  for (const Workload& workload : workloads) bar.AddTotal(std::int64_t(workload.cells.size()));
  std::vector<Measured> rows;
  // Measured again before each workload: what disturbs it, or heats the processor, passes.
  double peak = 0;
  for (Workload& workload : workloads) {
    peak = std::max(peak, MeasuredPeakGflops());
    bar.SetNote(workload.name);
    auto speeds = MeasureSpeed(workload, *space, backends, options.rounds, environment.stop,
                               [&bar] { bar.Advance(); });
    rows.push_back({std::move(workload), std::move(speeds)});
  }
  bar.Finish();
  const bool for_people = FormatOf(options.output) == Format::kText;
  Print(TableOf(rows, backends, peak, for_people), options.output);
  Note(
      options.output,
      fmt::format("{}, one thread, median of {} round{}; peak {:.1f} GFLOP/s measured on {}; ratio "
                  "to {}",
                  CpuModel(), options.rounds, options.rounds == 1 ? "" : "s", peak, EngineIsa(),
                  options.backends.front()));
}

std::string Footer(const Catalog& catalog) {
  std::string text =
      "A step is one batch. GFLOP/s are those of convolutions by the direct formula, so that "
      "fewer\n"
      "multiplications (Winograd's) can pass the peak; of several cells, all figures are means.\n"
      "Workloads:\n";
  for (const Workload& workload : AllWorkloads(catalog, {})) {
    text +=
        fmt::format("  {:<18}{}, batch {}\n", workload.name, workload.summary, workload.batch_size);
  }
  return text + "Example:\n  mote bench --workload fast --rounds 9";
}

}  // namespace

void AddBenchCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("bench", "Measure backends side by side");
  auto options = std::make_shared<BenchOptions>();
  for (const char* name : {"native", "torch"}) {
    if (environment.catalog.backends.Contains(name)) options->backends.emplace_back(name);
  }
  command->add_option("--workload", options->workloads, "only these (listed below); default: all")
      ->delimiter(',');
  command
      ->add_option("--backend", options->backends,
                   "backends, comma-separated; ratios are to the first")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--rounds", options->rounds, "turns of each backend on each network")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--cells", options->sample.count, "different cells that stand for a preset")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--seed", options->sample.seed, "what draws them")->capture_default_str();
  command->add_option("--set", options->set, "an option of a backend: native.exact=true, ...")
      ->take_all();
  AddIsaOption(*command);
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer("");  // else the program's comes behind
  command->footer([&environment] { return Footer(environment.catalog); });
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
