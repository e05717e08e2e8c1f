// mote show: one architecture, drawn and counted.
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/cli/command.h"
#include "mote/graph/cost.h"
#include "mote/report/cell_svg.h"
#include "mote/run/limits.h"

namespace mote::cli {
namespace {

struct ShowOptions {
  std::string space = "nasbench201";
  std::string text;
  int image_size = 32;
  int classes = 10;
  std::filesystem::path svg;
  std::filesystem::path table;
  OutputOptions output;
};

std::string ForPeople(const SearchSpace& space, const Architecture& architecture,
                      const Architecture& representative, const Cost& full, const Cost& live,
                      const ShowOptions& options) {
  std::string text = architecture.text() + "\n\n" + space.Draw(architecture) + "\n";
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<22}{}\n", name, value);
  };
  const LiveEdges edges = space.CountLiveEdges(architecture);
  line("parameters", fmt::format("{} (live {})", full.params, live.params));
  line("multiply-adds", fmt::format("{} (live {})", full.macs, live.macs));
  line("for", fmt::format("the benchmark's network, {0}x{0} images, {1} classes",
                          options.image_size, options.classes));
  line("live edges", fmt::format("{} conv 3x3, {} conv 1x1, {} pool, {} skip", edges.conv_3x3,
                                 edges.conv_1x1, edges.pool, edges.skip));
  if (!space.IsConnected(architecture)) line("note", "the output does not depend on the image");
  line("canonical form", space.FormText(architecture));
  line("same network as", representative.text());
  line("class", representative.id().Hex());
  return text;
}

void Run(const ShowOptions& options, Environment& environment) {
  const auto space = environment.catalog.spaces.Create(options.space, {});
  std::unique_ptr<Table> table;
  if (!options.table.empty()) table = std::make_unique<Table>(Table::Load(options.table, *space));
  std::string stated;
  Selection one;
  one.texts = {options.text};
  const Architecture architecture = Select(one, *space, table.get(), 0, stated).front();
  const Architecture representative = space->Canonicalize(architecture);
  const Task task{.height = options.image_size,
                  .width = options.image_size,
                  .channels = 3,
                  .classes = options.classes};
  const Cost full =
      CountCost(space->Build(architecture, BenchmarkSkeleton(), task, BuildForm::kFull));
  const Cost live = DeployedCost(*space, architecture, task);
  if (!options.svg.empty()) {
    WriteFileAtomically(
        options.svg, CellSvg(*space, architecture,
                             {architecture.text(),
                              fmt::format("{:.3f} M parameters, {:.1f} M multiply-adds live",
                                          1e-6 * double(live.params), 1e-6 * double(live.macs))}));
  }
  if (FormatOf(options.output) == Format::kText) {
    PrintText(ForPeople(*space, architecture, representative, full, live, options), options.output);
    return;
  }
  ResultTable result({{.name = "arch"},
                      {.name = "params"},
                      {.name = "macs"},
                      {.name = "live_params"},
                      {.name = "live_macs"},
                      {.name = "connected"},
                      {.name = "canonical_form"},
                      {.name = "representative"},
                      {.name = "class"}});
  result.AddRow({architecture.text(), full.params, full.macs, live.params, live.macs,
                 std::int64_t(space->IsConnected(architecture)), space->FormText(architecture),
                 representative.text(), representative.id().Hex()});
  Print(result, options.output);
}

}  // namespace

void AddShowCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("show", "Draw one architecture and count what it costs");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("arch", options->text, "official string, six digits, or index of --table")
      ->required();
  command->add_option("--space", options->space, "search space")->capture_default_str();
  command->add_option("--image-size", options->image_size, "side of the images")
      ->check(CLI::Range(8, 1024))
      ->capture_default_str();
  command->add_option("--classes", options->classes, "classes of the task")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  command->add_option("--svg", options->svg, "write the picture of the cell to this file");
  command->add_option("--table", options->table, "CSV that holds the official index");
  AddOutputOptions(*command, options->output, "write to this file instead of the terminal");
  command->footer("Example:\n  mote show 332013 --svg cell.svg");
  command->callback([=, &environment] { Run(*options, environment); });
}

}  // namespace mote::cli
