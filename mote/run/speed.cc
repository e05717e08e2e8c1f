#include "mote/run/speed.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "mote/base/error.h"
#include "mote/base/stats.h"
#include "mote/train/initializer.h"

namespace mote {
namespace {

// A turn lasts at least so long, if need be by repetition: much longer than a clock's tick.
constexpr double kTurnSeconds = 2e-3;
constexpr double kLearningRate = 1e-3;

// Images and labels that mean nothing.
class NoiseBatch {
 public:
  NoiseBatch(const Task& task, int size) {
    Rng rng(Key(0, "speed", "images"));
    images_.resize(std::size_t(size) * task.height * task.width * task.channels);
    for (float& value : images_) value = float(rng.Uniform());
    labels_.resize(size);
    for (int& label : labels_) label = int(rng.Below(task.classes));
  }

  Batch batch() const { return {.images = images_, .labels = labels_}; }

 private:
  std::vector<float> images_;
  std::vector<int> labels_;
};

// One backend's executor of one network, and the times of its turns.
class Runner {
 public:
  Runner(const Backend& backend, const Network& network, const Workload& workload)
      : executor_(backend.Compile(network, workload.batch_size)), pass_(workload.pass) {
    executor_->Reset({}, {.label_smoothing = 0.01});
    executor_->SetParameters(
        InitialParameters(network, Initializer::kGlorotUniform, Key(0, "speed", "weights")));
  }

  void WarmUp(const Batch& batch) {
    // A training step also gives inference running statistics, without which numbers grow from cell
    // to cell.
    executor_->Step(batch, kLearningRate);
    Seconds(batch, 1);
    repetitions_ = int(std::ceil(std::clamp(kTurnSeconds / Seconds(batch, 1), 1.0, 1000.0)));
  }

  void TakeTurn(const Batch& batch) {
    Seconds(batch, 1);
    seconds_.push_back(Seconds(batch, repetitions_) / repetitions_);
  }

  double Median() const { return Quantile(seconds_, 0.5); }

 private:
  double Seconds(const Batch& batch, int repetitions) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repetitions; ++i) {
      if (pass_ == Pass::kTrainingStep) {
        executor_->Step(batch, kLearningRate);
      } else {
        executor_->Evaluate(batch, Statistics::kRunning);
      }
    }
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return std::max(passed.count(), 1e-9);
  }

  std::unique_ptr<Executor> executor_;
  Pass pass_;
  int repetitions_ = 1;
  std::vector<double> seconds_;
};

}  // namespace

std::vector<Speed> MeasureSpeed(const Workload& workload, const SearchSpace& space,
                                std::span<const std::unique_ptr<Backend>> backends, int rounds,
                                const StopToken& stop, const std::function<void()>& on_network) {
  std::vector<Speed> speeds(backends.size());
  const NoiseBatch noise(workload.task, workload.batch_size);
  const double share = 1.0 / double(workload.cells.size());
  for (const Architecture& cell : workload.cells) {
    const Network network = space.Build(cell, workload.skeleton, workload.task);
    std::vector<Runner> runners;
    for (const auto& backend : backends) {
      if (const auto reason = backend->WhyUnsupported(network)) {
        Throw(ErrorCode::kUnsupported, "backend {} cannot compute workload {} because {}",
              backend->traits().name, workload.name, *reason);
      }
      runners.emplace_back(*backend, network, workload);
      runners.back().WarmUp(noise.batch());
    }
    for (int round = 0; round < rounds; ++round) {
      for (Runner& runner : runners) {
        stop.ThrowIfRequested();
        runner.TakeTurn(noise.batch());
      }
    }
    for (std::size_t b = 0; b < backends.size(); ++b) {
      speeds[b].seconds += share * runners[b].Median();
      speeds[b].flops += share * workload.batch_size * DirectFlops(network, workload.pass);
    }
    if (on_network) on_network();
  }
  return speeds;
}

}  // namespace mote
