// What estimates without training cost beside the engine's own rate: the time of an estimate's
// probe, in parts, and the time in which the executor would do as many multiply-adds, forward and
// back, on the same network and batch size, alternating in one process (bench/README.md).
//
// set-up: building the network, drawing images and weights, making the tape. passes: all that the
// tape computes and hands out. reading: Gram matrices, eigenvalues, counting of bits. Times are
// those of the thread's processor, means over the cells of each cell's least.
//
//   mote_bench_estimators [CELLS [ESTIMATOR...]]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/estimators/thread_time.h"
#include "bench/estimators/timed_backend.h"
#include "mote/base/error.h"
#include "mote/graph/cost.h"
#include "mote/probe/initial_probe.h"
#include "mote/run/class_sample.h"
#include "mote/run/session.h"

namespace mote {
namespace {

constexpr int kRounds = 3;  // at least, and more of what is soon done
constexpr int kMostRounds = 20;
constexpr double kLeastSeconds = 0.3;
// A forward and a backward pass, in forward passes.
constexpr double kGradientPasses = 3;

// The executor's gradient of one batch of the probe's size. The executor knows no biased
// convolutions, and every network has a stem there: what counts is the time of a multiply-add.
class Engine {
 public:
  Engine(const ProbeContext& context, const InitialRecipe& recipe, const Architecture& cell)
      : images_(recipe.batch.images) {
    Skeleton skeleton = recipe.skeleton;
    skeleton.cell_conv_bias = false;
    skeleton.cell_norm_affine = true;
    skeleton.stem = true;
    const Task task = TaskOf(recipe.batch, context.data.dataset());
    const Network network = context.space.Build(cell, skeleton, task);
    macs_ = double(CountCost(network).macs) * images_ * kGradientPasses;
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

  // Of the calling thread, for as many multiply-adds as a probe makes.
  double SecondsFor(double macs) {
    const double start = ThreadSeconds();
    executor_->Gradient({.images = pixels_, .labels = labels_}, gradient_);
    return (ThreadSeconds() - start) * macs / macs_;
  }

 private:
  int images_;
  double macs_ = 0;  // of a gradient
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
  ProbeClock clock;
  const TimedBackend backend(session.backend(), clock);
  const ProbeContext context{.space = session.space(),
                             .backend = backend,
                             .data = data,
                             .seed = 0,
                             .replicate = 0,
                             .check_stop = [&] { clock.BeginRepeat(); }};
  ProbeTimes mean;
  double engine_mean = 0;
  for (const Architecture& cell : cells) {
    Engine engine(context, probe->recipe(), cell);
    const double macs = probe->ForecastMacs(session.space(), cell, session.dataset());
    ProbeTimes least;
    double engine_least = 0;
    double spent = 0;
    // The first round is not counted.
    for (int round = 0; round <= kRounds || (spent < kLeastSeconds && round < kMostRounds);
         ++round) {
      clock.BeginRun();
      (void)probe->Run(context, cell);
      const ProbeTimes times = clock.EndRun();
      const double engine_seconds = engine.SecondsFor(macs);
      if (round == 0) continue;
      spent += times.total;
      if (round == 1 || times.total < least.total) least = times;
      if (round == 1 || engine_seconds < engine_least) engine_least = engine_seconds;
    }
    const double share = 1 / double(cells.size());
    mean.set_up += least.set_up * share;
    mean.passes += least.passes * share;
    mean.total += least.total * share;
    engine_mean += engine_least * share;
  }
  fmt::print("{:<18}{:>10.2f}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}\n", name,
             1e3 * mean.total, 1e3 * mean.set_up, 1e3 * mean.passes, 1e3 * mean.reading(),
             1e3 * engine_mean, mean.passes / engine_mean,
             (mean.set_up + mean.passes) / engine_mean);
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
  fmt::print("{:<18}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "milliseconds", "estimate", "set-up",
             "passes", "reading", "engine", "passes/e", "+set-up/e");
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
