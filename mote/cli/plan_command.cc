// mote plan: what a backend makes of a network, step by step.
#include <numeric>

#include "mote/backends/cpu_engine.h"
#include "mote/base/error.h"
#include "mote/cli/command.h"

namespace mote::cli {
namespace {

struct PlanOptions {
  std::string space = "nasbench201";
  std::string text;
  std::string preset = "fast";
  std::string network;
  std::string data;
  int image_size = 32;
  int classes = 10;
  std::string backend;
  std::vector<std::string> set;
  OutputOptions output;
};

// What network is planned: how its cells are put together, for which images.
struct Subject {
  std::string words;  // for people
  Skeleton skeleton;
  Task task;
};

Subject SubjectOf(const PlanOptions& options, const Preset& preset, const Catalog& catalog) {
  const DataRecipe& recipe = preset.recipe.data;
  Subject subject;
  const bool benchmark = !options.network.empty();
  subject.skeleton = benchmark ? BenchmarkSkeleton() : preset.recipe.skeleton;
  subject.words = benchmark ? "the benchmark's network" : "preset " + preset.name;
  if (!options.data.empty()) {
    DataCache data(LoadDataset(catalog.datasets, options.data, {.image_size = options.image_size}));
    subject.task =
        benchmark ? TaskOf(data.dataset()) : TaskOf(*data.Get(Dataset::kTrain, recipe, 0, 0));
    return subject;
  }
  Task& task = subject.task;
  task = {.height = options.image_size,
          .width = options.image_size,
          .channels = 3,
          .classes = options.classes};
  if (!benchmark && recipe.image_size > 0) task.height = task.width = recipe.image_size;
  if (!benchmark && recipe.classes > 0) task.classes = std::min(task.classes, recipe.classes);
  return subject;
}

// Exact numbers for machines; for people in round units, and their totals.
ResultTable TableOf(const std::vector<PlanStep>& steps, bool for_people) {
  if (!for_people) {
    ResultTable table({{.name = "name"},
                       {.name = "what"},
                       {.name = "kernel"},
                       {.name = "folded"},
                       {.name = "channels"},
                       {.name = "height"},
                       {.name = "width"},
                       {.name = "bytes"},
                       {.name = "flops"}});
    for (const PlanStep& step : steps) {
      const Shape& shape = step.shape;
      table.AddRow({step.name, step.what, step.kernel, step.folded, std::int64_t(shape.channels),
                    std::int64_t(shape.height), std::int64_t(shape.width), step.bytes, step.flops});
    }
    return table;
  }
  ResultTable table({{.name = "name", .max_width = 40},
                     {.name = "what"},
                     {.name = "kernel"},
                     {.name = "folded"},
                     {.name = "shape"},
                     {.name = "kB", .precision = 1},
                     {.name = "MFLOP", .precision = 3}});
  std::int64_t bytes = 0;
  std::int64_t flops = 0;
  for (const PlanStep& step : steps) {
    const Shape& shape = step.shape;
    table.AddRow(
        {step.name, step.what, step.kernel, step.folded,
         fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width),
         1e-3 * double(step.bytes),
         CellOf(step.flops > 0 ? std::optional(1e-6 * double(step.flops)) : std::nullopt)});
    bytes += step.bytes;
    flops += step.flops;
  }
  table.AddSeparator();
  table.AddRow({fmt::format("{} steps", steps.size()), "", "", "", "", 1e-3 * double(bytes),
                1e-6 * double(flops)});
  return table;
}

void Run(const PlanOptions& options, Environment& environment) {
  CheckOutput(options.output);
  const Catalog& catalog = environment.catalog;
  Assignments assignments = ParseAssignments(catalog, options.set);
  const auto space = catalog.spaces.Create(options.space, assignments[options.space]);
  const auto preset = catalog.presets.Create(options.preset, assignments[options.preset]);
  const auto backend = MakeBackend(catalog, options.backend, "cpu", assignments);
  const Architecture architecture = space->Parse(options.text);
  const Subject subject = SubjectOf(options, *preset, catalog);
  const Network network = space->Build(architecture, subject.skeleton, subject.task);

  const BackendTraits traits = backend->traits();
  if (const auto reason = backend->WhyUnsupported(network)) {
    Throw(ErrorCode::kUnsupported, "backend {} cannot compute this network because {}", traits.name,
          *reason);
  }
  const std::vector<PlanStep> steps = backend->Explain(network);
  if (steps.empty()) {
    Throw(ErrorCode::kUnsupported,
          "backend {} makes no plan: it computes a network operation by operation", traits.name);
  }
  const Architecture representative = space->Canonicalize(architecture);
  Note(options.output, fmt::format("cell {}", representative.text()));
  Note(options.output, fmt::format("{} on {}x{} images, {} classes; backend {}, version {}, {}",
                                   subject.words, subject.task.height, subject.task.width,
                                   subject.task.classes, traits.name, traits.version, traits.isa));
  if (!network.depends_on_input()) {
    Note(options.output, "the output does not depend on the image: mote trains no such network");
  }
  Print(TableOf(steps, FormatOf(options.output) == Format::kText), options.output);
}

}  // namespace

void AddPlanCommand(CLI::App& app, Environment& environment) {
  auto* command =
      app.add_subcommand("plan", "Show what a backend makes of a network, step by step");
  auto options = std::make_shared<PlanOptions>();
  command->add_option("arch", options->text, "official string or six digits")->required();
  command->add_option("--space", options->space, "search space")->capture_default_str();
  auto* preset =
      command->add_option("--preset", options->preset, "the network that this preset trains")
          ->capture_default_str();
  command->add_option("--network", options->network, "benchmark: that of 15 cells instead")
      ->check(CLI::IsMember({"benchmark"}))
      ->excludes(preset);
  command->add_option("--data", options->data,
                      "images and classes are those of this dataset (mote list datasets)");
  command
      ->add_option("--image-size", options->image_size,
                   "side of the images, where neither preset nor dataset says it")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--classes", options->classes, "classes of the task without --data")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  command->add_option("--backend", options->backend, "engine; default: the fastest there is");
  command->add_option("--set", options->set, "an option of a component: native.exact=true, ...")
      ->take_all();
  AddIsaOption(*command);
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer(
      "kB are read and written at least, MFLOP those of convolutions by the direct formula, both\n"
      "of one image, forward and backward.\n"
      "Example:\n"
      "  mote plan 333333\n"
      "  mote plan 303033 --network benchmark --set native.exact=true");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
