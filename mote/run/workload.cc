#include "mote/run/workload.h"

#include <array>
#include <string_view>

#include "mote/base/check.h"
#include "mote/run/class_sample.h"

namespace mote {
namespace {

constexpr std::array<std::string_view, 19> kRandomCells = {
    "3n11s1", "p3s1n3", "1pspps", "1np3pp", "sssns1", "1n31np", "3nnsps",
    "1n3nps", "3spp1n", "sn3sps", "1p3psn", "s1nss1", "p1s31n", "n1spn3",
    "pnn31p", "3ps1np", "sn3s1s", "sss1sp", "npnsn3"};

constexpr std::string_view kAll3x3 = "333333";
constexpr std::string_view k1s1p1s = "1s1p1s";

// The best test accuracy on CIFAR-10 in NAS-Bench-201 (Dong & Yang 2020):
// |nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|
constexpr std::string_view kBestOnCifar10 = "333s33";

// The reduced network of MOTE at other widths and sizes.
Workload ReducedNetwork(std::string name, std::vector<Architecture> cells, int channels, int side,
                        int batch_size) {
  Workload workload;
  workload.name = std::move(name);
  workload.summary = fmt::format("two cells of {} channels on {}x{} images", channels, side, side);
  workload.cells = std::move(cells);
  workload.skeleton = PaperSkeleton();
  for (Stage& stage : workload.skeleton.stages) stage.channels = channels;
  workload.task = {.height = side, .width = side, .channels = 3, .classes = 10};
  workload.batch_size = batch_size;
  return workload;
}

Workload NetworkOfPreset(const Preset& preset, std::vector<Architecture> cells) {
  const TrainingRecipe& recipe = preset.recipe;
  const int side = recipe.data.image_size;
  MOTE_CHECK(side > 0, "preset {} takes images of any size", preset.name);
  Workload workload;
  workload.name = preset.name;
  workload.summary = fmt::format("preset {}: {}", preset.name, preset.summary);
  workload.cells = std::move(cells);
  workload.skeleton = recipe.skeleton;
  workload.task = {.height = side, .width = side, .channels = 3, .classes = recipe.data.classes};
  workload.batch_size = recipe.training.batch_size;
  return workload;
}

Workload BenchmarkNetwork(std::string name, Architecture cell, int batch_size, Pass pass) {
  Workload workload;
  workload.name = std::move(name);
  workload.summary = fmt::format("the benchmark's 15 cells on 32x32 images, {}",
                                 pass == Pass::kInference ? "inference" : "training");
  workload.cells = {std::move(cell)};
  workload.skeleton = BenchmarkSkeleton();
  workload.task = {.height = 32, .width = 32, .channels = 3, .classes = 10};
  workload.batch_size = batch_size;
  workload.pass = pass;
  return workload;
}

}  // namespace

Architecture CellOfLetters(const SearchSpace& space, std::string_view letters) {
  constexpr std::string_view kInTheOrderOfTheBenchmark = "ns13p";
  std::vector<int> decisions;
  for (char letter : letters) {
    const std::size_t operation = kInTheOrderOfTheBenchmark.find(letter);
    MOTE_CHECK(operation != std::string_view::npos, "{}", letters);
    decisions.push_back(int(operation));
  }
  return space.Make(std::move(decisions));
}

std::vector<Architecture> RandomCells(const SearchSpace& space) {
  std::vector<Architecture> cells;
  for (std::string_view letters : kRandomCells) cells.push_back(CellOfLetters(space, letters));
  return cells;
}

std::vector<Workload> MakeWorkloads(const SearchSpace& space, const PresetRegistry& presets,
                                    const CellSample& sample) {
  const std::vector<Architecture> random = RandomCells(space);
  const Architecture all_3x3 = CellOfLetters(space, kAll3x3);
  const Architecture mixed = CellOfLetters(space, k1s1p1s);
  const Architecture best = CellOfLetters(space, kBestOnCifar10);
  const auto drawn = SampleClasses(space, sample.count, Key(sample.seed, "workload"));
  return {
      ReducedNetwork("random-16x8x8", random, 16, 8, 256),
      ReducedNetwork("random-16x16x16", random, 16, 16, 128),
      ReducedNetwork("random-32x32x32", random, 32, 32, 64),
      ReducedNetwork("333333-32x32x32", {all_3x3}, 32, 32, 64),
      ReducedNetwork("1s1p1s-16x8x8", {mixed}, 16, 8, 256),
      NetworkOfPreset(*presets.Create("fast", {}), drawn),
      NetworkOfPreset(*presets.Create("wide", {}), drawn),
      BenchmarkNetwork("train-64", best, 64, Pass::kTrainingStep),
      BenchmarkNetwork("infer-1", best, 1, Pass::kInference),
      BenchmarkNetwork("infer-64", best, 64, Pass::kInference),
  };
}

double DirectFlops(const Network& network, Pass pass) {
  double flops = 0;
  for (const Op& op : network.ops()) {
    if (op.kind != OpKind::kConv && op.kind != OpKind::kLinear) continue;
    const std::int64_t weights = network.parameters()[op.parameters[0]].elements();
    const bool of_images = network.op(op.src[0]).kind == OpKind::kInput;
    const int passes = pass == Pass::kInference ? 1 : of_images ? 2 : 3;
    flops += 2.0 * passes * double(weights) * op.shape.height * op.shape.width;
  }
  return flops;
}

}  // namespace mote
