// mote landscape: pictures of the loss around a training, for one cell or several side by side.
#include <algorithm>
#include <cmath>
#include <iostream>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/chart_files.h"
#include "mote/cli/command.h"
#include "mote/cli/figure_folder.h"
#include "mote/probe/landscape_probe.h"

namespace mote::cli {
namespace {

struct LandscapeOptions {
  ScoreSettings settings;
  OutputOptions output;
  std::vector<std::string> architectures;
  std::string store;
  std::string plane = "points";
  bool filter_normalised = false;
  int side = LandscapeRecipe().side;
  double margin = LandscapeRecipe().margin;
  std::filesystem::path folder = "runs/landscape";
};

std::vector<double> Series(const ProbeResult& result, std::string_view name) {
  const auto values = result[name];
  return {values.begin(), values.end()};
}

// A short name for titles: the six operations in the space's own words are too long side by side.
std::string TitleOf(const SearchSpace& space, const Architecture& architecture) {
  std::string title;
  for (std::size_t c = 0; c < space.choices().size(); ++c) {
    std::string option = space.choices()[c].options[architecture.decisions()[c]];
    for (const char* prefix : {"nor_", "avg_"}) {
      if (option.starts_with(prefix)) option.erase(0, 4);
    }
    title += (c == 0 ? "" : " ") + option;
  }
  return title;
}

std::string_view LabelOf(const LandscapeOptions& options, bool first) {
  if (options.plane == "points") {
    return first ? "from initial (-1) to trained (0) weights" : "towards the middle of the path";
  }
  return first ? "main direction of the path" : "second direction";
}

void Run(const LandscapeOptions& given, const CommandLine& command, Environment& environment) {
  LandscapeOptions options = given;
  CheckWritable(options.folder / "landscape.csv");
  options.settings.store = StorePath(options.store);
  options.settings.estimators = {"mote"};
  const auto space = environment.catalog.spaces.Create(options.settings.space, {});
  std::vector<Job> jobs;
  for (const std::string& text : options.architectures) jobs.push_back({space->Parse(text)});
  Session session(environment.catalog, options.settings, environment.stop);
  OpenStore(session, options.store);
  LandscapeRecipe recipe{.training = session.preset().recipe,
                         .plane = options.plane == "path" ? PlaneForm::kPath : PlaneForm::kPoints,
                         .filter_normalised = options.filter_normalised,
                         .side = options.side,
                         .margin = options.margin};
  const auto probe = std::make_shared<LandscapeProbe>(recipe);
  Progress bar(std::cerr, ProgressOptions::ForStderr("landscapes", options.output.quiet));
  const auto results =
      session.evaluator().Measure(probe, jobs, options.settings.score_seed, Follow(bar));
  bar.Finish();

  const std::string caption =
      fmt::format("Preset {}, {}, seed {}; loss in nats of {} training images, batch statistics{}.",
                  options.settings.preset, session.dataset().Describe(),
                  options.settings.score_seed, recipe.training.line_images,
                  options.filter_normalised ? "; directions normalised filter by filter" : "");
  SurfaceChart map{.text = {.title = "The loss around a training", .caption = caption},
                   .value_label = "loss",
                   .maps = {},
                   .path_name = "the training, epoch by epoch"};
  LineChart line{
      .text = {.title = "The loss from initial to trained weights", .caption = caption},
      .panels = {{.title = "", .x_label = "share of the way", .y_label = "loss", .series = {}}}};
  ResultTable table({{.name = "arch"},
                     {.name = "initial_loss", .unit = "nat", .precision = 3},
                     {.name = "trained_loss", .unit = "nat", .precision = 3},
                     {.name = "line_highest", .unit = "nat", .precision = 3},
                     {.name = "plane_lowest", .unit = "nat", .precision = 3},
                     {.name = "plane_highest", .unit = "nat", .precision = 3}});
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Architecture& architecture = jobs[i].architecture;
    const std::string title = TitleOf(*space, architecture);
    if (!results[i]) {
      Note(options.output, fmt::format("{}: {}", title, results[i].failure().message));
      table.AddRow({architecture.text(), Cell(), Cell(), Cell(), Cell(), Cell()});
      continue;
    }
    const ProbeResult& result = *results[i];
    map.maps.push_back({.title = title,
                        .u_label = std::string(LabelOf(options, true)),
                        .v_label = std::string(LabelOf(options, false)),
                        .u = Series(result, "u"),
                        .v = Series(result, "v"),
                        .values = Series(result, "plane_loss"),
                        .path_u = Series(result, "path_u"),
                        .path_v = Series(result, "path_v")});
    line.panels[0].series.push_back(
        {.name = title, .x = Series(result, "line_share"), .y = Series(result, "line_loss")});
    const auto losses = result["line_loss"];
    const auto plane = result["plane_loss"];
    table.AddRow({architecture.text(), losses.front(), losses.back(),
                  *std::max_element(losses.begin(), losses.end()),
                  *std::min_element(plane.begin(), plane.end()),
                  *std::max_element(plane.begin(), plane.end())});
  }
  Print(table, options.output);
  if (map.maps.empty()) return;
  map.log_value = true;
  WriteChart(map, options.folder / "landscape", options.output);
  WriteChart(line, options.folder / "line", options.output);
  WriteAbout(options.folder, {"The loss around a training, and on the line through it."}, command,
             {session.provenance()});
}

}  // namespace

void AddLandscapeCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand(
      "landscape", "Draw the loss around the training of cells, and on the line through it");
  auto options = std::make_shared<LandscapeOptions>();
  command->add_option("arch", options->architectures, "architectures, drawn side by side")
      ->required();
  AddScoreOptions(*command, options->settings);
  command
      ->add_option("--plane", options->plane,
                   "points: through initial, middle and trained weights; path: the two main "
                   "directions of the training")
      ->check(CLI::IsMember({"points", "path"}))
      ->capture_default_str();
  command->add_flag("--filter-normalised", options->filter_normalised,
                    "scale the directions filter by filter to the trained network, so that maps of "
                    "different networks can be compared");
  command->add_option("--side", options->side, "places of the map along each side")
      ->check(CLI::Range(2, 500))
      ->capture_default_str();
  command->add_option("--margin", options->margin, "beyond the path, as a share of its extent")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command->add_option("--seed", options->settings.score_seed, "of weights, batches, images")
      ->capture_default_str();
  AddStoreOption(*command, options->store);
  AddFolderOptions(*command, options->output, options->folder,
                   "landscape.csv, .svg, .png, line.csv, .svg, .png and about.json");
  command->footer("Example:\n  mote landscape 333333 111111 --preset wide");
  command->callback([=, &environment] { Run(*options, CommandLineOf(*command), environment); });
}

}  // namespace mote::cli
