#include "mote/probe/drift_probe.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mote/base/check.h"
#include "mote/graph/cost.h"
#include "mote/probe/initial_weights.h"
#include "mote/probe/kernel.h"
#include "mote/probe/line.h"
#include "mote/reading/kernel.h"

namespace mote {
namespace {

// What is read at the checkpoints of one training.
class Readings {
 public:
  Readings(const DriftRecipe& recipe, const ProbeContext& context, const PreparedData& data,
           Executor& executor, Tape& tape)
      : recipe_(recipe),
        executor_(executor),
        tape_(tape),
        line_data_(LineImages(data, recipe.training.line_images, context.seed, context.replicate)),
        initial_(executor.network().parameter_count()),
        present_(initial_.size()) {
    executor.GetParameters(initial_);
    std::vector<int> items(std::min(recipe.kernel_images, data.images()));
    std::iota(items.begin(), items.end(), 0);
    std::vector<float> pixels(items.size() * data.height() * data.width() * 3);
    labels_.resize(items.size());
    data.Gather(items, pixels.data(), labels_.data());
    images_.assign(pixels.begin(), pixels.end());
  }

  // Leaves the executor as it was. A failure is kept, and nothing is read after it.
  void Take() {
    if (failure_) return;
    executor_.GetParameters(present_);
    ReadKernel();
    ReadLine();
    executor_.SetParameters(present_);
  }

  const std::optional<Failure>& failure() const { return failure_; }
  const ProbeResult::Series& series() const { return series_; }

 private:
  void Add(const char* name, const Outcome<double>& value) {
    if (value) {
      series_[name].push_back(*value);
    } else if (!failure_) {
      failure_ = value.failure();
    }
  }

  void ReadKernel() {
    tape_.SetParameters(present_);
    const int count = int(labels_.size());
    const std::vector<double> kernel = TangentKernel(tape_, images_, count, recipe_.norm);
    Add("condition", ConditionNumber(kernel, count));
    Add("smallest_eigenvalue", SmallestEigenvalue(kernel, count));
    Add("kernel_mean", MeanOfKernel(kernel, count));
    Add("alignment", LabelGradientAlignment(kernel, labels_));
  }

  void ReadLine() {
    for (int g : recipe_.training.line_points) {
      executor_.SetParameters(PointOnLine(initial_, present_, g / kLineSteps));
      const double loss =
          EvaluateSet(executor_, line_data_, recipe_.training.line_batch_size, Statistics::kBatch)
              .loss;
      Add("line_loss",
          std::isfinite(loss)
              ? Outcome<double>(loss)
              : Failure{FailureKind::kDiverged,
                        fmt::format("the loss is not finite at {}/10 of the line", g)});
    }
  }

  const DriftRecipe& recipe_;
  Executor& executor_;
  Tape& tape_;
  const PreparedData line_data_;
  std::vector<double> images_;
  std::vector<int> labels_;
  std::vector<double> initial_;
  std::vector<double> present_;
  ProbeResult::Series series_;
  std::optional<Failure> failure_;
};

}  // namespace

nlohmann::json DriftRecipe::ToJson() const {
  return {{"training", training.ToJson()},
          {"checkpoints", checkpoints},
          {"kernel_images", kernel_images},
          {"norm", norm == NormMode::kFrozen ? "frozen" : "batch"}};
}

DriftProbe::DriftProbe(DriftRecipe recipe) : recipe_(std::move(recipe)) {
  MOTE_CHECK(!recipe_.checkpoints.empty() &&
             std::is_sorted(recipe_.checkpoints.begin(), recipe_.checkpoints.end()) &&
             recipe_.checkpoints.front() >= 0 && recipe_.checkpoints.back() >= 1);
  MOTE_CHECK(recipe_.norm == NormMode::kBatch || recipe_.norm == NormMode::kFrozen);
  recipe_.training.training.epochs = recipe_.checkpoints.back();
  recipe_.training.line = LineMode::kEvaluate;
}

nlohmann::json DriftProbe::ToJson() const { return recipe_.ToJson(); }

double DriftProbe::ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                                const Dataset& dataset) const {
  TrainingRecipe training = recipe_.training;
  const double whole = TrainingProbe(training).ForecastMacs(space, architecture, dataset);
  training.line = LineMode::kNone;
  const double trained = TrainingProbe(training).ForecastMacs(space, architecture, dataset);
  // Of one image forward.
  const double image = trained / (3.0 * training.training.epochs * training.data.images);
  const double passes = recipe_.norm == NormMode::kBatch ? 2.0 * recipe_.kernel_images : 3.0;
  const double reading = (whole - trained) + passes * recipe_.kernel_images * image;
  return trained + double(recipe_.checkpoints.size()) * reading;
}

Outcome<ProbeResult> DriftProbe::Run(const ProbeContext& context,
                                     const Architecture& architecture) const {
  const TrainingRecipe& training = recipe_.training;
  const auto data =
      context.data.Get(Dataset::kTrain, training.data, context.seed, context.replicate);
  const Network network = context.space.Build(architecture, training.skeleton, TaskOf(*data));
  if (!network.depends_on_input()) {
    return Failure{FailureKind::kUndefined, "the logits ignore the image: nothing drifts"};
  }
  if (auto reason = context.backend.WhyUnsupported(network)) {
    return Failure{FailureKind::kUnsupported, *reason};
  }
  const auto executor = context.backend.Compile(
      network, std::max(training.training.batch_size, training.line_batch_size));
  const auto tape = context.backend.Record(network, std::min(recipe_.kernel_images, data->images()),
                                           Precision::kDouble);
  if (!tape) {
    return Failure{FailureKind::kUnsupported,
                   fmt::format("backend {} gives no single gradients; use --backend native or "
                               "reference",
                               context.backend.traits().name)};
  }
  executor->Reset(training.training.optimizer, training.training.loss);
  executor->SetParameters(InitialWeights(context, architecture, network, training.initializer));
  Readings readings(recipe_, context, *data, *executor, *tape);
  const auto read_at = [&](int epoch) {
    if (std::count(recipe_.checkpoints.begin(), recipe_.checkpoints.end(), epoch)) readings.Take();
  };
  const auto run = Train(*executor, *data, training.training, context.seed, context.replicate, 0,
                         [&](int epoch) {
                           if (context.check_stop) context.check_stop();
                           read_at(epoch);
                         });
  if (!run) return run.failure();
  read_at(training.training.epochs);
  if (readings.failure()) return *readings.failure();
  ProbeResult result(readings.series());
  result.Set("epoch_loss", run->epoch_losses);
  return result;
}

}  // namespace mote
