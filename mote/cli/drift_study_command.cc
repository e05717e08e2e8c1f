// mote study ntk-drift: does a tangent kernel still rank once its network has trained?
#include <algorithm>
#include <iostream>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/chart_files.h"
#include "mote/cli/figure_folder.h"
#include "mote/cli/study_command.h"
#include "mote/cli/truths.h"
#include "mote/run/class_sample.h"
#include "mote/run/drift_study.h"

namespace mote::cli {
namespace {

struct DriftOptions {
  ScoreSettings settings;
  OutputOptions output;
  TruthOptions truths;
  std::string store;
  std::vector<std::string> data;
  std::vector<int> checkpoints = {0, 1, 2, 5, 10, 20};
  int seeds = 2;
  int kernel_images = 32;
  std::string norm = "frozen";
  std::filesystem::path folder = "runs/ntk-drift";
};

// What the networks of one panel train on.
const std::string& DataOf(const DriftOptions& options, std::size_t panel) {
  return options.data[std::min(panel, options.data.size() - 1)];
}

// The curves of one panel: networks trained on the session's data, ranked against one target.
std::vector<DriftCurve> Panel(const DriftOptions& options, Session& session, const Truths& truths,
                              std::size_t target) {
  DriftRecipe recipe{.training = session.preset().recipe,
                     .checkpoints = options.checkpoints,
                     .kernel_images = options.kernel_images,
                     .norm = options.norm == "frozen" ? NormMode::kFrozen : NormMode::kBatch};
  const auto probe = std::make_shared<DriftProbe>(recipe);
  const int networks = CountClasses(session.space(), truths.architectures) * options.seeds;
  DriftRecipe brief = recipe;
  brief.checkpoints = {1};
  PrintForecast(options.output, session, *probe, DriftProbe(brief), networks);
  std::vector<Job> jobs;
  std::vector<LiveEdges> live;
  for (const Architecture& architecture : truths.architectures) {
    jobs.push_back({architecture});
    live.push_back(session.space().CountLiveEdges(session.space().Canonicalize(architecture)));
  }
  std::vector<std::vector<Outcome<ProbeResult>>> results;
  for (int seed = 0; seed < options.seeds; ++seed) {
    Progress bar(std::cerr,
                 ProgressOptions::ForStderr(fmt::format("seed {} of {}", seed + 1, options.seeds),
                                            options.output.quiet));
    results.push_back(session.evaluator().Measure(
        probe, jobs, options.settings.score_seed + std::uint64_t(seed), Follow(bar)));
    bar.Finish();
  }
  return DriftCurves(probe->recipe(), results, live, truths.values[target],
                     Key(options.settings.score_seed, "bootstrap"));
}

void Run(const DriftOptions& given, const CommandLine& command, Environment& environment) {
  DriftOptions options = given;
  CheckWritable(options.folder / "ntk-drift.csv");
  std::sort(options.checkpoints.begin(), options.checkpoints.end());
  if (options.checkpoints.front() < 0 || options.checkpoints.back() < 1) {
    Throw(ErrorCode::kInvalidArgument,
          "--checkpoints must be 0 or more, and the last one at least 1");
  }
  options.settings.store = StorePath(options.store);
  if (options.data.empty()) options.data = {options.settings.data};
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  const Truths truths = LoadTruths(options.truths, *space, options.settings.score_seed);
  Note(options.output, fmt::format("population: {}; {} of them have all values", truths.population,
                                   truths.architectures.size()));
  LineChart chart;
  ResultTable table({{.name = "target"},
                     {.name = "measure"},
                     {.name = "epoch"},
                     {.name = "tau", .precision = 3},
                     {.name = "tau_low", .precision = 3},
                     {.name = "tau_high", .precision = 3}});
  std::string findings, trained_on;
  std::vector<Provenance> provenance;
  for (std::size_t target = 0; target < options.truths.targets.size(); ++target) {
    ScoreSettings settings = options.settings;
    settings.data = DataOf(options, target);
    Session session(environment.catalog, settings, environment.stop);
    OpenStore(session, options.store);
    AddSource(session.provenance(), provenance);
    const std::string& name = options.truths.targets[target];
    const std::string described =
        fmt::format("{} images of {}", session.dataset().split(Dataset::kTrain).images(),
                    session.dataset().kind());
    Note(options.output, fmt::format("{}: networks train on {}", name, described));
    const auto curves = Panel(options, session, truths, target);
    LinePanel panel{
        .title = name, .x_label = "epoch of training", .y_label = "Kendall's tau-b", .series = {}};
    if (target > 0) table.AddSeparator();
    for (const DriftCurve& curve : curves) {
      panel.series.push_back({.name = curve.measure,
                              .x = {curve.epochs.begin(), curve.epochs.end()},
                              .y = curve.tau,
                              .low = curve.low,
                              .high = curve.high});
      for (std::size_t i = 0; i < curve.epochs.size(); ++i) {
        table.AddRow({name, curve.measure, std::int64_t(curve.epochs[i]), curve.tau[i],
                      curve.low[i], curve.high[i]});
      }
    }
    chart.panels.push_back(std::move(panel));
    findings += name + ": " + DriftFinding(curves) + "\n";
    trained_on += fmt::format("{}{} on {}", target == 0 ? "" : "; ", name, described);
  }
  chart.text = {
      .title = "Ranking against the epoch of training",
      .caption = fmt::format(
          "{} cells, drawn by seed {}; {} seed{}; preset {}; {} images of the kernel; bands are 95 "
          "% bootstrap intervals over cells. Trained: {}. {}",
          truths.architectures.size(), options.settings.score_seed, options.seeds,
          options.seeds == 1 ? "" : "s", options.settings.preset, options.kernel_images, trained_on,
          findings)};
  Print(table, options.output);
  WriteChart(chart, options.folder / "ntk-drift", options.output);
  WriteFileAtomically(options.folder / "findings.txt", findings);
  WriteAbout(options.folder,
             {fmt::format("How the tangent kernel and other estimates rank {} cells, read at some "
                          "epochs of one training.",
                          truths.architectures.size())},
             command, provenance);
  Note(options.output, findings);
}

}  // namespace

void AddDriftStudy(CLI::App& study, Environment& environment) {
  auto* command =
      study.add_subcommand("ntk-drift", "How estimates rank, taken at some epochs of one training");
  auto options = std::make_shared<DriftOptions>();
  AddTruthOptions(*command, options->truths);
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--train-on", options->data,
                   "what networks train on, one per target, comma-separated; the last one stands "
                   "for all that follow; default: --data")
      ->delimiter(',');
  command
      ->add_option("--checkpoints", options->checkpoints,
                   "epochs after which estimates are taken, comma-separated; the last one ends the "
                   "training")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--seed", options->settings.score_seed, "first score seed; and of --sample")
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "trainings per cell; tau is the mean over them")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--kernel-images", options->kernel_images, "images of the tangent kernel")
      ->check(CLI::Range(2, 1024))
      ->capture_default_str();
  command
      ->add_option("--norm", options->norm,
                   "frozen: the kernel takes the statistics of the batch for constants; batch: it "
                   "goes through them, which makes it singular for networks without a "
                   "normalisation before the head, as those of all presets are")
      ->check(CLI::IsMember({"batch", "frozen"}))
      ->capture_default_str();
  AddStoreOption(*command, options->store);
  AddFolderOptions(*command, options->output, options->folder,
                   "ntk-drift.csv, .svg, .png, findings.txt and about.json");
  command->footer(
      "Example:\n"
      "  mote study ntk-drift --sample 100 --table accuracy.csv.gz --target cifar10_test_acc_200\n"
      "What was measured is kept in the store: stopped, it goes on where it was.");
  command->callback([=, &environment] { Run(*options, CommandLineOf(*command), environment); });
}

}  // namespace mote::cli
