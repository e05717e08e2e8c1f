// mote verify: scores of a run computed once more and compared bit by bit.
#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "mote/backends/cpu_engine.h"
#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/cli/command.h"
#include "mote/cli/config_file.h"
#include "mote/cli/run_folder.h"
#include "mote/cli/run_reading.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct VerifyOptions {
  fs::path run;
  int count = 10;
  std::uint64_t seed = 0;
  int workers = 0;
  OutputOptions output;
};

// What the run was asked to score by. Options of the configuration that have no part in a score are
// passed over. --isa is taken apart: this machine may not have it.
struct Recipe {
  ScoreSettings settings;
  std::string isa;
};

Recipe ReadRecipe(const fs::path& config) {
  Recipe recipe;
  CLI::App app;
  app.config_formatter(std::make_shared<ConfigFile>());
  app.set_config("--config");
  app.allow_config_extras(CLI::config_extras_mode::ignore);
  CLI::App* search = app.add_subcommand("search", "");
  search->allow_config_extras(CLI::config_extras_mode::ignore);
  AddScoreOptions(*search, recipe.settings);
  search->remove_option(search->get_option("--isa"));
  search->add_option("--isa", recipe.isa);
  search->add_option("--estimator", recipe.settings.estimators)->delimiter(',');
  search->add_option("--score-seed", recipe.settings.score_seed);
  try {
    app.parse({"search", config.string(), "--config"});  // in reverse, as CLI11 wants it
  } catch (const CLI::ParseError& error) {
    Throw(ErrorCode::kCorrupt, "'{}' is damaged: {}; restore it", config.string(), error.what());
  }
  std::erase(recipe.settings.set, "");
  recipe.settings.store.clear();
  return recipe;
}

// One estimate of the store, and which of the session's estimators it is of.
struct Drawn {
  WrittenEstimate stored;
  int estimator = 0;
};

// Whether the options of an estimate are those of the estimator, whatever machine computed it.
bool AreOptionsOf(const std::string& stored, const ConfiguredEstimator& configured) {
  const auto json = nlohmann::json::parse(stored, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.contains("options") &&
         json["options"] == nlohmann::json::parse(configured.options);
}

std::vector<Drawn> FindEstimates(const StoreContent& content, const Session& session,
                                 std::uint64_t score_seed) {
  std::vector<Drawn> found;
  for (std::size_t e = 0; e < session.estimators().size(); ++e) {
    const ConfiguredEstimator& configured = session.estimators()[e];
    const EstimatorInfo info = configured.estimator->info();
    const std::string name = fmt::format("{}@{}", info.name, info.version);
    std::vector<bool> fits;
    for (const std::string& options : content.options) {
      fits.push_back(AreOptionsOf(options, configured));
    }
    for (const WrittenEstimate& estimate : content.estimates) {
      if (estimate.estimator == name && estimate.seed == score_seed && fits[estimate.options] &&
          session.space().Named(estimate.space) != nullptr) {
        found.push_back({estimate, int(e)});
      }
    }
  }
  // By content, so that the draw does not depend on the order in which workers were done.
  std::sort(found.begin(), found.end(), [](const Drawn& a, const Drawn& b) {
    return std::tie(a.stored.architecture, a.stored.replicate, a.estimator) <
           std::tie(b.stored.architecture, b.stored.replicate, b.estimator);
  });
  return found;
}

std::vector<Drawn> Draw(std::vector<Drawn> all, int count, std::uint64_t seed) {
  if (int(all.size()) <= count) return all;
  Rng rng(Key(seed, "verify"));
  std::vector<Drawn> drawn;
  for (const int i : rng.Sample(int(all.size()), count)) drawn.push_back(all[std::size_t(i)]);
  return drawn;
}

// The recomputed outcomes, in the order drawn.
std::vector<Outcome<double>> Recompute(Session& session, const std::vector<Drawn>& drawn,
                                       std::uint64_t score_seed) {
  std::vector<Outcome<double>> outcomes(drawn.size(), 0.0);
  for (std::size_t e = 0; e < session.estimators().size(); ++e) {
    std::vector<Job> jobs;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      if (drawn[i].estimator != int(e)) continue;
      const WrittenEstimate& stored = drawn[i].stored;
      jobs.push_back(
          {session.space().Named(stored.space)->Parse(stored.architecture), stored.replicate});
      places.push_back(i);
    }
    if (jobs.empty()) continue;
    const auto results =
        session.evaluator().Estimate({&session.estimators()[e], 1}, jobs, score_seed);
    for (std::size_t k = 0; k < places.size(); ++k) outcomes[places[k]] = results[0][k];
  }
  return outcomes;
}

bool AreEqual(const Outcome<double>& a, const Outcome<double>& b) {
  if (a.ok() != b.ok()) return false;
  if (!a.ok()) return a.failure().kind == b.failure().kind;
  return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

// What differs between this program and those that wrote the store, for each of them; a difference
// after which equal bits are not promised is told as such.
std::vector<std::string> Differences(const StoreContent& content, const Provenance& mine) {
  std::vector<std::string> lines;
  for (const Provenance& theirs : content.provenances) {
    const auto compare = [&](const char* what, const std::string& recorded, const std::string& here,
                             bool promised) {
      if (recorded == here) return;
      std::string line = fmt::format(
          "{}: recorded {}, here {}{}", what, recorded, here,
          promised ? "; equal bits are likely, not promised" : "; equal bits cannot be expected");
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    };
    compare("data", theirs.dataset + " " + theirs.fingerprint,
            mine.dataset + " " + mine.fingerprint, false);
    compare("backend", theirs.backend, mine.backend, false);
    compare("device", theirs.device, mine.device, false);
    compare("instruction set", theirs.isa, mine.isa, false);
    compare("compiler", theirs.compiler, mine.compiler, true);
    compare("program", theirs.version + " " + theirs.commit, mine.version + " " + mine.commit,
            true);
  }
  return lines;
}

Cell CellOf(const Outcome<double>& outcome) {
  if (outcome) return *outcome;
  return fmt::format("{}", Name(outcome.failure().kind));
}

void Run(const VerifyOptions& options, Environment& environment) {
  const fs::path config = FindConfig(options.run);
  const SearchFolder source = ReadSearchFolder(options.run, environment);
  const fs::path store = source.Store();
  if (store.empty()) {
    Throw(ErrorCode::kUnsupported, "'{}' keeps no store (--store none): nothing can be compared",
          options.run.string());
  }
  const StoreContent content = ReadStoreContent(store);
  Recipe recipe = ReadRecipe(config);
  recipe.settings.workers = options.workers;
  if (!recipe.isa.empty()) {
    try {
      CapEngineIsa(recipe.isa);
    } catch (const Error& error) {
      Note(options.output, fmt::format("note: {}", error.what()));
    }
  }
  Session session(environment.catalog, recipe.settings, environment.stop);
  for (const std::string& line : Differences(content, session.provenance())) {
    Note(options.output, "note: " + line);
  }
  const std::uint64_t score_seed = recipe.settings.score_seed;
  const std::vector<Drawn> drawn =
      Draw(FindEstimates(content, session, score_seed), options.count, options.seed);
  if (drawn.empty()) {
    Throw(ErrorCode::kNotFound,
          "'{}' holds no score that the configuration of '{}' asks for: either nothing has been "
          "scored yet, or an option means something else in this version",
          store.string(), options.run.string());
  }
  const auto recomputed = Recompute(session, drawn, score_seed);

  ResultTable table({{.name = "arch"},
                     {.name = "estimator"},
                     {.name = "replicate"},
                     {.name = "stored"},
                     {.name = "recomputed"},
                     {.name = "bits"}});
  int unequal = 0;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const bool equal = AreEqual(drawn[i].stored.value, recomputed[i]);
    if (!equal) ++unequal;
    table.AddRow({drawn[i].stored.architecture,
                  session.estimators()[std::size_t(drawn[i].estimator)].name,
                  std::int64_t(drawn[i].stored.replicate), CellOf(drawn[i].stored.value),
                  CellOf(recomputed[i]), std::string(equal ? "equal" : "unequal")});
  }
  Print(table, options.output);
  Note(options.output, unequal == 0 ? fmt::format("all {} equal", drawn.size())
                                    : fmt::format("{} of {} unequal", unequal, drawn.size()));
  if (unequal > 0) environment.exit_code = kExitFailed;
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Environment& environment) {
  auto* command =
      app.add_subcommand("verify", "Compute some scores of a run again and compare their bits");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("run", options->run, "run folder of a search")->required();
  command->add_option("-n,--count", options->count, "how many, drawn from the store")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "of the draw")->capture_default_str();
  command->add_option("--workers", options->workers, "networks trained at once; 0: one per core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "Exit code 1 if one differs. The same program on the same instruction set gives equal bits,\n"
      "whatever the number of workers; what differs from the recorded one is said on stderr.\n"
      "Example:\n  mote verify runs/photos -n 10");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
