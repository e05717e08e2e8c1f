// The prototype beside native and torch, as `mote bench` has backends side by side: a row per
// workload and backend, all of them in turn in one process on the same networks and batches.
#include <algorithm>
#include <iostream>

#include "bench/prototype/backend.h"
#include "bench/prototype/same_network.h"
#include "mote/backends/cpu_engine.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/speed.h"

namespace mote::bench {
namespace {

struct BenchOptions {
  std::vector<std::string> workloads;
  int rounds = 5;
  CellSample sample;
  cli::OutputOptions output;
};

struct Row {
  std::string workload;
  int cells;
  int batch_size;
  std::string backend;
  Speed speed;
  double ratio;  // of times, to native
};

bool IsWanted(const BenchOptions& options, const Workload& workload) {
  const std::vector<std::string>& names = options.workloads;
  return names.empty() || std::find(names.begin(), names.end(), workload.name) != names.end();
}

// Native first, then torch if there is one, then what the prototype has for this workload. All of
// the prototype is checked against native before anything is measured.
std::vector<std::unique_ptr<Backend>> BackendsFor(const Workload& workload,
                                                  const SearchSpace& space,
                                                  const Catalog& catalog) {
  std::vector<std::unique_ptr<Backend>> backends;
  backends.push_back(catalog.backends.Create("native", {}));
  if (catalog.backends.Contains("torch")) backends.push_back(catalog.backends.Create("torch", {}));
  for (const EngineKind& kind : EngineKinds()) {
    if (WhyUnsupported(kind, workload)) continue;
    CheckSameNetworks(kind, space, workload, *backends.front());
    backends.push_back(MakeEngineBackend(kind, space, workload));
  }
  return backends;
}

ResultTable TableOf(const std::vector<Row>& rows, double peak) {
  ResultTable table({{.name = "workload"},
                     {.name = "cells"},
                     {.name = "batch"},
                     {.name = "backend"},
                     {.name = "ms_per_step", .header = "ms/step", .precision = 3},
                     {.name = "ratio", .precision = 2},
                     {.name = "peak_percent", .header = "% of peak", .precision = 0}});
  for (const Row& row : rows) {
    if (row.backend == "native") table.AddSeparator();
    table.AddRow({row.workload, std::int64_t(row.cells), std::int64_t(row.batch_size), row.backend,
                  1e3 * row.speed.seconds, row.ratio,
                  100 * 1e-9 * row.speed.flops / row.speed.seconds / peak});
  }
  return table;
}

void Run(const BenchOptions& options) {
  cli::CheckOutput(options.output);
  const Catalog& catalog = BuiltinCatalog();
  const auto space = catalog.spaces.Create("nasbench201", {});
  std::vector<Workload> workloads = MakeWorkloads(*space, catalog.presets, options.sample);
  std::erase_if(workloads, [&](const Workload& workload) { return !IsWanted(options, workload); });
  std::vector<std::vector<std::unique_ptr<Backend>>> backends;
  for (const Workload& workload : workloads) {
    backends.push_back(BackendsFor(workload, *space, catalog));
  }

  Progress bar(std::cerr, ProgressOptions::ForStderr("measuring", options.output.quiet));
  for (const Workload& workload : workloads) bar.AddTotal(std::int64_t(workload.cells.size()));
  const StopToken never;
  // Measured again before each workload: what disturbs it, or heats the processor, passes.
  double peak = 0;
  std::vector<Row> rows;
  for (std::size_t w = 0; w < workloads.size(); ++w) {
    const Workload& workload = workloads[w];
    peak = std::max(peak, MeasuredPeakGflops());
    bar.SetNote(workload.name);
    const auto speeds = MeasureSpeed(workload, *space, backends[w], options.rounds, never,
                                     [&bar] { bar.Advance(); });
    for (std::size_t b = 0; b < speeds.size(); ++b) {
      rows.push_back({workload.name, int(workload.cells.size()), workload.batch_size,
                      backends[w][b]->traits().name, speeds[b],
                      speeds[b].seconds / speeds[0].seconds});
    }
  }
  bar.Finish();
  cli::Print(TableOf(rows, peak), options.output);
  cli::Note(
      options.output,
      fmt::format("{}, one thread, median of {} round{}; peak {:.1f} GFLOP/s measured on {}; "
                  "ratio to native",
                  CpuModel(), options.rounds, options.rounds == 1 ? "" : "s", peak, EngineIsa()));
}

std::vector<std::string> WorkloadNames() {
  const Catalog& catalog = BuiltinCatalog();
  std::vector<std::string> names;
  for (const Workload& workload :
       MakeWorkloads(*catalog.spaces.Create("nasbench201", {}), catalog.presets, {})) {
    names.push_back(workload.name);
  }
  return names;
}

int Main(int argc, char** argv) {
  CLI::App app("The prototype of mote beside its backends, on the workloads of mote bench.");
  BenchOptions options;
  app.add_option("--workload", options.workloads, "only these; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(WorkloadNames()));
  app.add_option("--rounds", options.rounds, "turns of each backend on each network")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--cells", options.sample.count, "different cells that stand for a preset")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.sample.seed, "what draws them")->capture_default_str();
  cli::AddOutputOptions(app, options.output, "write to this file instead of the terminal");
  CLI11_PARSE(app, argc, argv);
  try {
    Run(options);
  } catch (const Error& error) {
    std::cerr << "mote_bench_prototype: " << error.what() << '\n';
    return cli::kExitFailed;
  }
  return 0;
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) { return mote::bench::Main(argc, argv); }
