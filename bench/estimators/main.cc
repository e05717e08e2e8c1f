// What estimates without training cost beside the engine's own rate: the seconds of an estimate's
// probe, and the seconds in which the executor would do as many multiply-adds, forward and back, on
// the same network and batch size, alternating in one process (bench/README.md). Building the
// network, drawing images and reading the numbers (Gram matrices, eigenvalues, counting of bits)
// are part of an estimate and of its seconds.
//
//   mote_bench_estimators [CELLS [ESTIMATOR...]]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "mote/base/error.h"
#include "mote/base/stats.h"
#include "mote/graph/cost.h"
#include "mote/probe/initial_probe.h"
#include "mote/run/class_sample.h"
#include "mote/run/session.h"

namespace mote {
namespace {

constexpr int kRounds = 3;
// A forward and a backward pass, in forward passes.
constexpr double kGradientPasses = 3;

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The executor's gradient of one batch of the probe's size. The executor knows no biased
// convolutions; the network without them has as many multiply-adds.
class Engine {
 public:
  Engine(const ProbeContext& context, const InitialRecipe& recipe, const Architecture& cell)
      : images_(std::min(recipe.batch.images, 128)) {
    Skeleton skeleton = recipe.skeleton;
    skeleton.cell_conv_bias = false;
    skeleton.cell_norm_affine = true;
    skeleton.stem = true;
    const Task task = TaskOf(recipe.batch, context.data.dataset());
    const Network network = context.space.Build(cell, skeleton, task);
    executor_ = context.backend.Compile(network, images_);
    executor_->Reset({}, {});
    executor_->SetParameters(
        InitialParameters(network, Initializer::kKaimingUniform, Key(0, "bench", "weights")));
    Rng rng(Key(0, "bench", "images"));
    pixels_.resize(std::size_t(images_) * network.input_shape().elements());
    for (float& value : pixels_) value = float(rng.Uniform());
    for (int i = 0; i < images_; ++i) labels_.push_back(int(rng.Below(task.classes)));
    gradient_.resize(network.parameter_count());
  }

  int images() const { return images_; }
  void Run() { executor_->Gradient({.images = pixels_, .labels = labels_}, gradient_); }

 private:
  int images_;
  std::unique_ptr<Executor> executor_;
  std::vector<float> pixels_;
  std::vector<int> labels_;
  std::vector<double> gradient_;
};

void Measure(const Session& session, DataCache& data, const std::string& name,
             const std::vector<Architecture>& cells) {
  const ConfiguredEstimator configured = session.Configure(name);
  const auto needs = configured.estimator->Needs();
  const auto* probe = needs.empty() ? nullptr : dynamic_cast<const InitialProbe*>(needs[0].get());
  if (!probe) return;
  const ProbeContext context{.space = session.space(),
                             .backend = session.backend(),
                             .data = data,
                             .seed = 0,
                             .replicate = 0,
                             .check_stop = {}};
  double estimate = 0, engine_time = 0;
  for (const Architecture& cell : cells) {
    Engine engine(context, probe->recipe(), cell);
    InitialRecipe one = probe->recipe();
    const double macs = probe->ForecastMacs(session.space(), cell, session.dataset());
    // Multiply-adds of a forward pass of one image.
    double passes = 0;
    {
      const Network network =
          session.space().Build(cell, one.skeleton, TaskOf(one.batch, session.dataset()));
      passes = macs / std::max<double>(1, double(CountCost(network).macs));
    }
    std::vector<double> probe_seconds, engine_seconds;
    (void)probe->Run(context, cell);
    engine.Run();
    for (int round = 0; round < kRounds; ++round) {
      probe_seconds.push_back(Seconds([&] { (void)probe->Run(context, cell); }));
      engine_seconds.push_back(Seconds([&] { engine.Run(); }));
    }
    estimate += Quantile(probe_seconds, 0.5) / double(cells.size());
    engine_time += Quantile(engine_seconds, 0.5) / double(cells.size()) * passes /
                   (kGradientPasses * engine.images());
  }
  fmt::print("{:<18}{:>12.1f}{:>12.1f}{:>8.2f}\n", name, 1e3 * estimate, 1e3 * engine_time,
             estimate / engine_time);
  std::fflush(stdout);
}

void Run(int count, const std::vector<std::string>& names) {
  const StopToken stop;
  ScoreSettings settings;
  settings.workers = 1;
  Session session(BuiltinCatalog(), settings, stop);
  std::vector<Architecture> cells;
  for (const Architecture& cell : SampleClasses(session.space(), count, Key(0, "bench", "cells"))) {
    cells.push_back(session.space().Canonicalize(cell));
  }
  fmt::print("{:<18}{:>12}{:>12}{:>8}\n", "estimator", "estimate ms", "engine ms", "ratio");
  for (const std::string& name : names.empty() ? BuiltinCatalog().estimators.Names() : names) {
    Measure(session, session.data(), name, cells);
  }
}

}  // namespace
}  // namespace mote

int main(int argc, char** argv) {
  try {
    mote::Run(argc > 1 ? std::max(1, std::atoi(argv[1])) : 5,
              {argv + std::min(argc, 2), argv + argc});
    return 0;
  } catch (const mote::Error& error) {
    fmt::print(stderr, "mote_bench_estimators: {}\n", error.what());
    return 1;
  }
}
