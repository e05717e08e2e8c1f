#include "bench/prototype/backend.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "mote/backends/batch_check.h"
#include "mote/base/check.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"

namespace mote::bench {
namespace {

// The prototype knows no dead edges that would be kept: mote builds none, either.
std::string LettersOf(const SearchSpace& space, const Architecture& cell) {
  const Architecture built = space.Canonicalize(cell);
  MOTE_CHECK(!space.HasDanglingEdges(built), "{}", built.text());
  std::string letters;
  for (int decision : built.decisions()) letters += "ns13p"[decision];
  MOTE_CHECK(CellOfLetters(space, letters) == built, "{} is not {}", letters, built.text());
  return letters;
}

int CellCount(const Skeleton& skeleton) {
  int count = 0;
  for (const Stage& stage : skeleton.stages) count += stage.cells;
  return count;
}

int ConvCount(const Network& network) {
  return int(std::count_if(network.ops().begin(), network.ops().end(),
                           [](const Op& op) { return op.kind == OpKind::kConv; }));
}

class EngineExecutor final : public Executor {
 public:
  EngineExecutor(Network network, std::unique_ptr<Engine> engine, int batch_size)
      : network_(std::move(network)), engine_(std::move(engine)), batch_size_(batch_size) {
    MOTE_CHECK(engine_->parameter_count() == network_.parameter_count(), "{} against {} parameters",
               engine_->parameter_count(), network_.parameter_count());
    MOTE_CHECK(engine_->conv_count() == ConvCount(network_), "{} against {} convolutions",
               engine_->conv_count(), ConvCount(network_));
  }

  const Network& network() const override { return network_; }

  void GetParameters(std::span<double> parameters) const override {
    std::vector<float> values(parameters.size());
    engine_->GetParameters(values.data());
    std::copy(values.begin(), values.end(), parameters.begin());
  }
  void SetParameters(std::span<const double> parameters) override {
    const std::vector<float> values(parameters.begin(), parameters.end());
    engine_->SetParameters(values.data());
  }
  void Reset(const OptimizerOptions&, const LossOptions&) override { engine_->Reset(); }

  EvaluationResult Step(const Batch& batch, double) override {
    CheckBatch(network_, batch_size_, batch);
    MOTE_CHECK(batch.size() == batch_size_, "{} images, not {}", batch.size(), batch_size_);
    return {.loss = engine_->Step(batch.images.data(), batch.labels.data())};
  }

  EvaluationResult Evaluate(const Batch&, Statistics) override { Refuse("evaluate"); }
  double Gradient(const Batch&, std::span<double>) override { Refuse("give gradients"); }
  void Logits(const Batch&, Statistics, std::span<double>) override { Refuse("give logits"); }

 private:
  [[noreturn]] static void Refuse(const char* what) {
    Throw(ErrorCode::kUnsupported, "the prototype does not {}: it trains", what);
  }

  const Network network_;
  const std::unique_ptr<Engine> engine_;
  const int batch_size_;
};

class EngineBackend final : public Backend {
 public:
  EngineBackend(const EngineKind& kind, const SearchSpace& space, const Workload& workload)
      : kind_(kind), why_unsupported_(bench::WhyUnsupported(kind, workload)) {
    if (why_unsupported_) return;
    for (const Architecture& cell : workload.cells) {
      const Network network = space.Build(cell, workload.skeleton, workload.task);
      inputs_[network.ToText()] = {.letters = LettersOf(space, cell),
                                   .cells = CellCount(workload.skeleton),
                                   .channels = workload.skeleton.stages.front().channels,
                                   .side = workload.task.width,
                                   .classes = workload.task.classes,
                                   .batch_size = workload.batch_size};
    }
  }

  BackendTraits traits() const override {
    return {.name = kind_.name, .version = "prototype", .device = "cpu", .isa = InstructionSet()};
  }

  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    if (why_unsupported_) return why_unsupported_;
    if (!inputs_.contains(network.ToText())) return "the network is none of the workload's";
    return {};
  }

  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    const EngineInput& input = inputs_.at(network.ToText());
    MOTE_CHECK(batch_size == input.batch_size, "{} images, not {}", batch_size, input.batch_size);
    return std::make_unique<EngineExecutor>(network, kind_.make(input), batch_size);
  }

 private:
  const EngineKind kind_;
  const std::optional<std::string> why_unsupported_;
  std::unordered_map<std::string, EngineInput> inputs_;  // by the text of the network
};

}  // namespace

const std::vector<EngineKind>& EngineKinds() {
  static const std::vector<EngineKind> kinds = {
      {.name = "prototype/cpu-engine",
       .make = MakeCpuEngine,
       .row_of_cells = false,
       .norm_epsilon = 1e-5,
       .learning_rate = 1e-3,
       .optimizer = {.epsilon = 1e-8},
       .loss = {.label_smoothing = 0.1}},
      {.name = "prototype/ranking-driver",
       .make = MakeRankingDriver,
       .row_of_cells = true,
       .norm_epsilon = 1e-4,
       .learning_rate = 5e-3,
       .optimizer = {.epsilon = 1e-7},
       .loss = {.label_smoothing = 0.01}},
#ifdef MOTE_HAVE_TORCH
      {.name = "prototype/lt",
       .make = MakeLibtorchNetwork,
       .row_of_cells = false,
       .norm_epsilon = 1e-5,
       .learning_rate = 1e-3,
       .optimizer = {.epsilon = 1e-8},
       .loss = {.label_smoothing = 0.1}},
#endif
  };
  return kinds;
}

std::optional<std::string> WhyUnsupported(const EngineKind& kind, const Workload& workload) {
  const Skeleton& skeleton = workload.skeleton;
  const Task& task = workload.task;
  const int channels = skeleton.stages.front().channels;
  const int side = task.width;
  if (workload.pass != Pass::kTrainingStep) return "it computes training steps only";
  if (skeleton.head_norm_relu || skeleton.stem_activation != Activation::kNone) {
    return "its stem and head have no activation";
  }
  if (channels != 8 && channels != 16 && channels != 32) {
    return fmt::format("its networks have 8, 16 or 32 channels, not {}", channels);
  }
  if (task.height != task.width || task.channels != 3 || task.classes != 10) {
    return "its images are square, of 3 channels and 10 classes";
  }
  const std::vector<Stage>& stages = skeleton.stages;
  if (kind.row_of_cells) {
    constexpr int kMostCells = 13;  // by the size of its table of nodes
    if (stages.size() != 1 || stages[0].cells > kMostCells) {
      return fmt::format("its networks are a row of at most {} cells", kMostCells);
    }
    if (side != 4 && side != 8 && side != 16 && side != 32) {
      return fmt::format("its images have 4, 8, 16 or 32 pixels a side, not {}", side);
    }
    return {};
  }
  if (stages.size() != 2 || CellCount(skeleton) != 2 || stages[1].channels != channels ||
      stages[1].before != Reduction::kAvgPool || stages[1].pool != 4) {
    return "its networks are two cells of equal channels with 4x4 average pooling between them";
  }
  if (side != 8 && side != 16 && side != 32) {
    return fmt::format("its images have 8, 16 or 32 pixels a side, not {}", side);
  }
  return {};
}

std::unique_ptr<Backend> MakeEngineBackend(const EngineKind& kind, const SearchSpace& space,
                                           const Workload& workload) {
  return std::make_unique<EngineBackend>(kind, space, workload);
}

}  // namespace mote::bench
