// mote doctor: what this machine and this build can do, with a speed probe of a second.
#include <chrono>
#include <iostream>

#include "mote/backends/cpu_engine.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/record/provenance.h"

namespace mote::cli {
namespace {

// Networks of a preset that a backend scores in a second on one core; what it says if it cannot.
std::string Speed(const Environment& environment, const std::string& backend) {
  ScoreSettings settings;
  settings.data = "noise";
  settings.backend = backend;
  settings.workers = 1;
  // The judge is not there to be fast: a fraction of an epoch tells.
  const bool slow = backend == "reference";
  settings.preset = "faster";
  if (slow) settings.set = {"faster.epochs=1", "faster.images=64"};
  const double share = slow ? 5.0 * 512 / 64 : 1.0;
  try {
    Session session(environment.catalog, settings, environment.stop);
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    int networks = 0;
    while (seconds() < 1.0 && networks < 1000) {
      // Cells all over the space, the same ones in every run.
      const std::vector<Architecture> cell = {
          session.space().At((networks * 1999 + 7777) % session.space().size())};
      (void)session.Score(session.estimators(), cell, {});
      ++networks;
    }
    return fmt::format("{:.3g}", networks / (seconds() * share));
  } catch (const Error& error) {
    return error.what();
  }
}

void Run(const OutputOptions& output, Environment& environment) {
  const Provenance provenance = BuildProvenance();
  ResultTable table({{.name = "what"}, {.name = "value"}});
  table.AddRow({"version", provenance.version + " (" + provenance.commit + ")"});
  table.AddRow({"compiler", provenance.compiler});
  table.AddRow({"processor", CpuModel()});
  table.AddRow({"cores", std::int64_t(AvailableCores())});
  table.AddRow({"instruction set", InstructionSet()});
  table.AddRow({"  of backend native",
                fmt::format("{} (there is {})", EngineIsa(), fmt::join(EngineIsas(), ", "))});
  table.AddRow({"  GFLOP/s per core, measured peak", fmt::format("{:.1f}", MeasuredPeakGflops())});
  for (const std::string& name : environment.catalog.backends.Names()) {
    const BackendTraits traits = MakeBackend(environment.catalog, name, "cpu", {})->traits();
    table.AddRow({"backend " + name,
                  fmt::format("version {}, {}, {}", traits.version, traits.device,
                              traits.deterministic ? "deterministic" : "not deterministic")});
    table.AddRow({"  cells/s per core, preset faster", Speed(environment, name)});
  }
  for (const auto& [name, entry] : environment.catalog.datasets.entries()) {
    const auto loader = entry.factory(Options(name, entry.options, {}));
    if (!loader->is_named()) continue;
    std::string state = "found";
    try {
      loader->Load("", {});
    } catch (const Error& error) {
      state = error.what();
    }
    table.AddRow({"dataset " + name, state});
  }
  Print(table, output);
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("doctor", "Check this machine and measure its speed");
  auto output = std::make_shared<OutputOptions>();
  AddIsaOption(*command);
  AddOutputOptions(*command, *output, "write to this file instead of the terminal");
  command->footer("Example:\n  mote doctor");
  command->callback([=, &environment] { Run(*output, environment); });
}

}  // namespace mote::cli
