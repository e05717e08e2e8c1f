#include "mote/probe/landscape_probe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/probe/initial_weights.h"
#include "mote/probe/line.h"
#include "mote/probe/weight_plane.h"

namespace mote {
namespace {

constexpr int kLineParts = 20;

// The loss of a network at any weights, on the same images.
class LossAt {
 public:
  LossAt(const TrainingRecipe& recipe, const ProbeContext& context, const PreparedData& data,
         Executor& executor)
      : batch_size_(recipe.line_batch_size),
        data_(LineImages(data, recipe.line_images, context.seed, context.replicate)),
        executor_(executor) {}

  double operator()(std::span<const double> weights) {
    executor_.SetParameters(weights);
    const double loss = EvaluateSet(executor_, data_, batch_size_, Statistics::kBatch).loss;
    return std::isfinite(loss) ? loss : std::numeric_limits<double>::infinity();
  }

 private:
  int batch_size_;
  PreparedData data_;
  Executor& executor_;
};

// `side` places from lowest to highest and `margin` of that beyond.
std::vector<double> Places(const std::vector<double>& path, int side, double margin) {
  const auto [low, high] = std::minmax_element(path.begin(), path.end());
  const double extent = *high > *low ? *high - *low : 1;
  const double from = *low - margin * extent, to = *high + margin * extent;
  std::vector<double> places;
  places.reserve(side);
  for (int i = 0; i < side; ++i) places.push_back(from + (to - from) * i / (side - 1));
  return places;
}

}  // namespace

nlohmann::json LandscapeRecipe::ToJson() const {
  return {{"training", training.ToJson()},
          {"plane", plane == PlaneForm::kPath ? "path" : "points"},
          {"filter_normalised", filter_normalised},
          {"side", side},
          {"margin", margin}};
}

LandscapeProbe::LandscapeProbe(LandscapeRecipe recipe) : recipe_(std::move(recipe)) {
  MOTE_CHECK(recipe_.side >= 2 && recipe_.margin >= 0);
  recipe_.training.line = LineMode::kEvaluate;
}

nlohmann::json LandscapeProbe::ToJson() const { return recipe_.ToJson(); }

double LandscapeProbe::ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                                    const Dataset& dataset) const {
  TrainingRecipe training = recipe_.training;
  const std::size_t points = std::max<std::size_t>(1, training.line_points.size());
  const double whole = TrainingProbe(training).ForecastMacs(space, architecture, dataset);
  training.line = LineMode::kNone;
  const double trained = TrainingProbe(training).ForecastMacs(space, architecture, dataset);
  const double losses =
      double(recipe_.side) * recipe_.side + kLineParts + 1 + training.training.epochs + 1;
  return trained + (whole - trained) / double(points) * losses;
}

Outcome<ProbeResult> LandscapeProbe::Run(const ProbeContext& context,
                                         const Architecture& architecture) const {
  const TrainingRecipe& training = recipe_.training;
  const auto data =
      context.data.Get(Dataset::kTrain, training.data, context.seed, context.replicate);
  const Network network = context.space.Build(architecture, training.skeleton, TaskOf(*data));
  if (!network.depends_on_input()) {
    return Failure{FailureKind::kUndefined, "the logits ignore the image: the landscape is flat"};
  }
  if (auto reason = context.backend.WhyUnsupported(network)) {
    return Failure{FailureKind::kUnsupported, *reason};
  }
  const auto executor = context.backend.Compile(
      network, std::max(training.training.batch_size, training.line_batch_size));
  executor->Reset(training.training.optimizer, training.training.loss);
  executor->SetParameters(InitialWeights(context, architecture, network, training.initializer));
  std::vector<Weights> path;
  const auto keep = [&] {
    path.emplace_back(network.parameter_count());
    executor->GetParameters(path.back());
  };
  const auto run =
      Train(*executor, *data, training.training, context.seed, context.replicate, 0, [&](int) {
        if (context.check_stop) context.check_stop();
        keep();
      });
  if (!run) return run.failure();
  keep();

  WeightPlane plane =
      recipe_.plane == PlaneForm::kPath ? PlaneOfPath(path) : PlaneThroughPoints(path);
  if (recipe_.filter_normalised) {
    NormaliseFilters(network, path.back(), plane.first);
    NormaliseFilters(network, path.back(), plane.second);
  }
  LossAt loss_at(training, context, *data, *executor);
  ProbeResult result;
  std::vector<double> path_u, path_v, path_loss;
  for (const Weights& weights : path) {
    const auto [u, v] = plane.Project(weights);
    path_u.push_back(u);
    path_v.push_back(v);
    path_loss.push_back(loss_at(weights));
  }
  const std::vector<double> us = Places(path_u, recipe_.side, recipe_.margin);
  const std::vector<double> vs = Places(path_v, recipe_.side, recipe_.margin);
  std::vector<double> plane_loss;
  for (double v : vs) {
    if (context.check_stop) context.check_stop();
    for (double u : us) plane_loss.push_back(loss_at(plane.At(u, v)));
  }
  std::vector<double> line_share, line_loss;
  for (int i = 0; i <= kLineParts; ++i) {
    line_share.push_back(double(i) / kLineParts);
    line_loss.push_back(loss_at(PointOnLine(path.front(), path.back(), line_share.back())));
  }
  result.Set("u", us);
  result.Set("v", vs);
  result.Set("plane_loss", std::move(plane_loss));
  result.Set("path_u", std::move(path_u));
  result.Set("path_v", std::move(path_v));
  result.Set("path_loss", std::move(path_loss));
  result.Set("line_share", std::move(line_share));
  result.Set("line_loss", std::move(line_loss));
  result.Set("epoch_loss", run->epoch_losses);
  return result;
}

}  // namespace mote
