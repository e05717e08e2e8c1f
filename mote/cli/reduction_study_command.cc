// mote study reduction: how small may network, data and training be, and still rank?
#include <cmath>
#include <iostream>

#include "mote/base/file.h"
#include "mote/cli/chart_files.h"
#include "mote/cli/figure_folder.h"
#include "mote/cli/study_command.h"
#include "mote/cli/truths.h"
#include "mote/run/class_sample.h"
#include "mote/run/reduction_study.h"

namespace mote::cli {
namespace {

struct ReductionOptions {
  ScoreSettings settings;
  OutputOptions output;
  TruthOptions truths;
  std::string store;
  std::vector<std::string> factors;
  int seeds = 2;
  std::filesystem::path folder = "runs/reduction";
};

// One recipe of the picture.
struct RankedVariant {
  RecipeVariant variant;
  RecipeRank rank;
  std::optional<double> tau;  // MeanTau of MOTE, all cells
};

// The variants asked for, without those that data and space cannot serve: said now, since each
// would fail at every cell, after the others have taken their time.
std::vector<RecipeVariant> Possible(const Session& session, const Architecture& some,
                                    const ReductionOptions& options) {
  std::vector<RecipeVariant> variants =
      Only(ReductionVariants(session.preset().recipe), options.factors);
  std::erase_if(variants, [&](const RecipeVariant& variant) {
    if (variant.factor.empty()) return false;
    const auto why = WhyImpossible(variant.recipe, session.space(), some, session.dataset());
    if (why) Note(options.output, fmt::format("{} is left out: {}", variant.name, *why));
    return why.has_value();
  });
  return variants;
}

ScatterChart ChartOf(const std::vector<RankedVariant>& ranked, const std::string& caption) {
  ScatterPanel panel{.title = "",
                     .x_label = "core seconds of a cell",
                     .y_label = "Kendall's tau-b of MOTE, mean over the targets",
                     .series = {},
                     .log_x = true,
                     .front = true};
  for (const RankedVariant& one : ranked) {
    const std::string& factor = one.variant.factor.empty() ? one.variant.name : one.variant.factor;
    if (panel.series.empty() || panel.series.back().name != factor) {
      panel.series.push_back({.name = factor, .points = {}});
    }
    panel.series.back().points.push_back(
        {one.rank.core_seconds, one.tau.value_or(std::nan("")), one.variant.name});
  }
  return {.text = {.title = "What a cheaper recipe costs in rank", .caption = caption},
          .panels = {std::move(panel)}};
}

void Run(const ReductionOptions& given, const CommandLine& command, Environment& environment) {
  ReductionOptions options = given;
  CheckWritable(options.folder / "reduction.csv");
  options.settings.store = StorePath(options.store);
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  const Truths truths = LoadTruths(options.truths, *space, options.settings.score_seed);
  Session session(environment.catalog, options.settings, environment.stop);
  const std::vector<RecipeVariant> variants =
      Possible(session, truths.architectures.front(), options);
  OpenStore(session, options.store);
  Note(options.output, "data: " + session.dataset().Describe() + ", split train");
  Note(options.output,
       fmt::format("population: {}; {} of them have all values; {} recipes", truths.population,
                   truths.architectures.size(), variants.size()));
  std::vector<LiveEdges> live;
  std::vector<Hash128> classes;
  std::vector<int> everyone;
  for (const Architecture& architecture : truths.architectures) {
    const Architecture representative = session.space().Canonicalize(architecture);
    live.push_back(session.space().CountLiveEdges(representative));
    classes.push_back(representative.id());
    everyone.push_back(int(everyone.size()));
  }
  const Halves halves = SplitByClass(classes, options.settings.score_seed);

  ResultTable table({{.name = "factor"},
                     {.name = "recipe"},
                     {.name = "target"},
                     {.name = "tau", .precision = 3},
                     {.name = "tau_low", .precision = 3},
                     {.name = "tau_high", .precision = 3},
                     {.name = "tau_top10", .precision = 3},
                     {.name = "landscape", .precision = 3},
                     {.name = "speed", .precision = 3},
                     {.name = "tse", .precision = 3},
                     {.name = "core_s", .unit = "s", .precision = 3}});
  std::vector<RankedVariant> ranked;
  std::vector<RecipeRank> ranks;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    const RecipeVariant& variant = variants[v];
    const auto probe = std::make_shared<TrainingProbe>(variant.recipe);
    Progress bar(std::cerr, ProgressOptions::ForStderr(
                                fmt::format("{} ({} of {})", variant.name, v + 1, variants.size()),
                                options.output.quiet));
    RankedVariant one{.variant = variant, .rank = {.name = variant.name}, .tau = {}};
    std::vector<std::vector<std::vector<Outcome<ProbeResult>>>> results(options.seeds);
    for (int seed = 0; seed < options.seeds; ++seed) {
      for (int replicate = 0; replicate < variant.replicates; ++replicate) {
        std::vector<Job> jobs;
        for (const Architecture& architecture : truths.architectures) {
          jobs.push_back({architecture, replicate});
        }
        results[seed].push_back(session.evaluator().Measure(
            probe, jobs, options.settings.score_seed + std::uint64_t(seed), Follow(bar)));
        one.rank.core_seconds += session.evaluator().seconds_per_job()[0] / options.seeds;
      }
    }
    bar.Finish();
    const auto contenders = ContendersOf(results, live);
    if (table.rows() > 0) table.AddSeparator();
    for (std::size_t t = 0; t < truths.values.size(); ++t) {
      const auto compared = Compare(contenders, truths.values[t], everyone, nullptr,
                                    Key(options.settings.score_seed, "bootstrap"));
      const Correlation& mote = compared[0].mean;
      const auto low = mote.tau_interval ? std::optional(mote.tau_interval->low) : std::nullopt;
      const auto high = mote.tau_interval ? std::optional(mote.tau_interval->high) : std::nullopt;
      table.AddRow({variant.factor, variant.name, options.truths.targets[t], CellOf(mote.tau),
                    CellOf(low), CellOf(high), CellOf(mote.tau_top10), CellOf(compared[1].mean.tau),
                    CellOf(compared[2].mean.tau), CellOf(compared[3].mean.tau),
                    one.rank.core_seconds});
    }
    const SeedScores& mote = contenders[0].scores;
    one.tau = MeanTau(mote, truths.values, everyone);
    one.rank.choose = MeanTau(mote, truths.values, halves.choose);
    one.rank.report = MeanTau(mote, truths.values, halves.report);
    ranks.push_back(one.rank);
    ranked.push_back(std::move(one));
  }
  Print(table, options.output);
  const std::string finding = ReductionFinding(ranks);
  WriteChart(
      ChartOf(ranked, fmt::format("{} cells, drawn by seed {}; {} seed{}; preset {} and one "
                                  "change at a time; {}. {}",
                                  truths.architectures.size(), options.settings.score_seed,
                                  options.seeds, options.seeds == 1 ? "" : "s",
                                  options.settings.preset, session.dataset().name(), finding)),
      options.folder / "reduction", options.output);
  WriteFileAtomically(options.folder / "findings.txt", finding);
  WriteAbout(
      options.folder,
      {fmt::format(
          "How well the recipe and its changes, {} in all, rank {} cells, and what each costs.",
          variants.size(), truths.architectures.size())},
      command, {session.provenance()});
  Note(options.output, finding);
}

}  // namespace

void AddReductionStudy(CLI::App& study, Environment& environment) {
  auto* command = study.add_subcommand(
      "reduction", "How MOTE ranks and what it costs, as the preset's recipe is changed");
  auto options = std::make_shared<ReductionOptions>();
  AddTruthOptions(*command, options->truths);
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--factors", options->factors,
                   "what is changed, comma-separated: channels, cells, side, images, epochs, rate, "
                   "batch, data, replicates, or single recipes as the table names them (the "
                   "finalists for --all: 'epochs 40,rate 0.01'); default: each of them")
      ->delimiter(',');
  command->add_option("--seed", options->settings.score_seed, "first score seed; and of --sample")
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "scores per cell; tau is the mean over them")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  AddStoreOption(*command, options->store);
  AddFolderOptions(*command, options->output, options->folder,
                   "reduction.csv, .svg, .png, findings.txt and about.json");
  command->footer(
      "Example:\n"
      "  mote study reduction --sample 200 --table accuracy.csv.gz --target cifar10_test_acc_200\n"
      "What was measured is kept in the store: stopped, it goes on where it was.");
  command->callback([=, &environment] { Run(*options, CommandLineOf(*command), environment); });
}

}  // namespace mote::cli
