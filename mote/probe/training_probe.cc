#include "mote/probe/training_probe.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/graph/cost.h"
#include "mote/probe/initial_weights.h"
#include "mote/probe/line.h"

namespace mote {
namespace {

std::string_view Name(LineMode mode) {
  switch (mode) {
    case LineMode::kNone:
      return "none";
    case LineMode::kEvaluate:
      return "evaluate";
    case LineMode::kTrainEpoch:
      return "train-epoch";
  }
  MOTE_CHECK(false, "unnamed line mode");
}

// What training would only confirm: logits that ignore the image end at the class frequencies.
ProbeResult UnlearnableResult(const TrainingRecipe& recipe, const PreparedData& data,
                              std::uint64_t seed, int replicate) {
  const BatchPlan plan(data.images(), recipe.training.batch_size,
                       recipe.training.keep_partial_batch, seed, replicate);
  const double loss = std::log(double(data.classes()));
  const std::size_t epochs = recipe.training.epochs;
  const std::size_t steps = epochs * plan.batches_per_epoch();
  ProbeResult result;
  result.Set("step_loss", std::vector<double>(steps, loss));
  result.Set("step_images", std::vector<double>(steps, recipe.training.batch_size));
  result.Set("epoch_loss", std::vector<double>(epochs, loss));
  if (recipe.line != LineMode::kNone) {
    result.Set("line_loss", std::vector<double>(recipe.line_points.size(), loss));
  }
  if (recipe.record_seconds) result.Set("epoch_seconds", std::vector<double>(epochs, 1e-9));
  return result;
}

// The losses at the points of the line between two sets of parameters.
Outcome<std::vector<double>> LossesAlongLine(const TrainingRecipe& recipe, Executor& executor,
                                             const PreparedData& data,
                                             const std::vector<double>& initial,
                                             const std::vector<double>& trained,
                                             const ProbeContext& context) {
  const PreparedData line_data =
      LineImages(data, recipe.line_images, context.seed, context.replicate);
  std::vector<double> losses;
  int epoch = recipe.training.epochs;
  for (int g : recipe.line_points) {
    executor.SetParameters(PointOnLine(initial, trained, g / kLineSteps));
    double loss = 0;
    if (recipe.line == LineMode::kEvaluate) {
      if (context.check_stop) context.check_stop();
      loss = EvaluateSet(executor, line_data, recipe.line_batch_size, Statistics::kBatch).loss;
    } else {
      TrainingOptions one_epoch = recipe.training;
      one_epoch.epochs = 1;
      auto run =
          Train(executor, data, one_epoch, context.seed, context.replicate, epoch++, [&](int) {
            if (context.check_stop) context.check_stop();
          });
      if (!run) return run.failure();
      loss = run->epoch_losses.front();
    }
    if (!std::isfinite(loss)) {
      return Failure{FailureKind::kDiverged,
                     fmt::format("the loss is not finite at {}/10 of the line", g)};
    }
    losses.push_back(loss);
  }
  return losses;
}

}  // namespace

nlohmann::json TrainingRecipe::ToJson() const {
  return {{"skeleton", skeleton.ToJson()},
          {"data", data.ToJson()},
          {"training", training.ToJson()},
          {"initializer", Name(initializer)},
          {"line",
           {{"mode", Name(line)},
            {"points", line_points},
            {"images", line_images},
            {"batch_size", line_batch_size}}},
          {"record_seconds", record_seconds}};
}

nlohmann::json TrainingProbe::ToJson() const { return recipe_.ToJson(); }

double TrainingProbe::ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                                   const Dataset& dataset) const {
  const DataRecipe& data = recipe_.data;
  Task task;
  task.height = data.image_size > 0 ? data.image_size : dataset.height();
  task.width = data.image_size > 0 ? data.image_size : dataset.width();
  task.classes = data.classes > 0 ? data.classes : dataset.classes();
  const double macs = double(CountCost(space.Build(architecture, recipe_.skeleton, task)).macs);
  const int all = dataset.split(Dataset::kTrain).images();
  const double images = data.images > 0 ? data.images : all;
  const double line_images = recipe_.line_images > 0 ? recipe_.line_images : images;
  // A backward pass costs about two forward passes.
  const double training = 3.0 * recipe_.training.epochs * images;
  const double points = recipe_.line == LineMode::kNone ? 0.0 : double(recipe_.line_points.size());
  const double line = points * (recipe_.line == LineMode::kEvaluate ? line_images : 3 * images);
  return macs * (training + line);
}

Outcome<ProbeResult> TrainingProbe::Run(const ProbeContext& context,
                                        const Architecture& architecture) const {
  const auto data =
      context.data.Get(Dataset::kTrain, recipe_.data, context.seed, context.replicate);
  const Network network = context.space.Build(architecture, recipe_.skeleton, TaskOf(*data));
  ProbeResult result;
  if (!network.depends_on_input()) {
    result = UnlearnableResult(recipe_, *data, context.seed, context.replicate);
    result.Set("learnable", {0});
    result.Set("classes", {double(data->classes())});
    return result;
  }
  if (auto reason = context.backend.WhyUnsupported(network)) {
    return Failure{FailureKind::kUnsupported, *reason};
  }
  const auto executor = context.backend.Compile(
      network, std::max(recipe_.training.batch_size,
                        recipe_.line == LineMode::kEvaluate ? recipe_.line_batch_size : 0));
  executor->Reset(recipe_.training.optimizer, recipe_.training.loss);
  executor->SetParameters(InitialWeights(context, architecture, network, recipe_.initializer));
  // Read back, so that the line starts exactly where training did, rounded to the executor's type.
  std::vector<double> initial(network.parameter_count());
  executor->GetParameters(initial);

  const auto run =
      Train(*executor, *data, recipe_.training, context.seed, context.replicate, 0, [&](int) {
        if (context.check_stop) context.check_stop();
      });
  if (!run) return run.failure();
  result.Set("step_loss", run->step_losses);
  result.Set("step_images", {run->step_sizes.begin(), run->step_sizes.end()});
  result.Set("epoch_loss", run->epoch_losses);
  if (recipe_.record_seconds) result.Set("epoch_seconds", run->epoch_seconds);

  if (recipe_.line != LineMode::kNone) {
    std::vector<double> trained(network.parameter_count());
    executor->GetParameters(trained);
    auto losses = LossesAlongLine(recipe_, *executor, *data, initial, trained, context);
    if (!losses) return losses.failure();
    result.Set("line_loss", *losses);
  }
  result.Set("learnable", {1});
  result.Set("classes", {double(data->classes())});
  return result;
}

}  // namespace mote
