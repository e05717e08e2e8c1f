#include "mote/probe/accuracy_probe.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/graph/cost.h"
#include "mote/probe/initial_weights.h"

namespace mote {
namespace {

struct Parts {
  PreparedData training;
  PreparedData validation;
};

// Sets `share` of each class's images aside, at least one.
Parts HoldOut(const PreparedData& data, double share, const Key& key) {
  std::vector<std::vector<int>> of_class(data.classes());
  for (int i = 0; i < data.images(); ++i) of_class[data.labels()[i]].push_back(i);
  std::vector<int> training, validation;
  Rng rng(key);
  for (std::vector<int>& members : of_class) {
    rng.Shuffle(std::span(members));
    const auto count = std::min<std::size_t>(
        members.size(), std::max(1, int(std::lround(share * double(members.size())))));
    validation.insert(validation.end(), members.begin(), members.begin() + count);
    training.insert(training.end(), members.begin() + count, members.end());
  }
  std::sort(training.begin(), training.end());
  std::sort(validation.begin(), validation.end());
  if (training.empty()) {
    Throw(ErrorCode::kInvalidArgument,
          "too few images to set some aside for judging: there are "
          "{}; give the data a split val",
          data.images());
  }
  return {data.Take(training), data.Take(validation)};
}

Parts PartsOf(const AccuracyRecipe& recipe, const ProbeContext& context) {
  const auto get = [&](std::string_view split, const DataRecipe& data) {
    return context.data.Get(split, data, context.seed, context.replicate);
  };
  const auto training = get(Dataset::kTrain, recipe.data);
  if (context.data.dataset().HasSplit(Dataset::kValidation)) {
    DataRecipe all = recipe.data;
    all.images = 0;
    return {*training, *get(Dataset::kValidation, all)};
  }
  return HoldOut(*training, recipe.holdout, Key(context.seed, "holdout", context.replicate));
}

}  // namespace

nlohmann::json AccuracyRecipe::ToJson() const {
  nlohmann::json json = {{"skeleton", skeleton.ToJson()},
                         {"data", data.ToJson()},
                         {"training", training.ToJson()},
                         {"initializer", Name(initializer)},
                         {"holdout", holdout},
                         {"evaluation_batch_size", evaluation_batch_size}};
  if (every_epoch) json["every_epoch"] = true;
  return json;
}

nlohmann::json AccuracyProbe::ToJson() const { return recipe_.ToJson(); }

double AccuracyProbe::ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                                   const Dataset& dataset) const {
  const int size = recipe_.data.image_size;
  const Task task{.height = size > 0 ? size : dataset.height(),
                  .width = size > 0 ? size : dataset.width(),
                  .channels = 3,
                  .classes = dataset.classes()};
  const int all = dataset.split(Dataset::kTrain).images();
  const double images = recipe_.data.images > 0 ? std::min(recipe_.data.images, all) : all;
  return 3.0 * recipe_.training.epochs * images *
         double(CountCost(space.Build(architecture, recipe_.skeleton, task)).macs);
}

Outcome<ProbeResult> AccuracyProbe::Run(const ProbeContext& context,
                                        const Architecture& architecture) const {
  const Parts parts = PartsOf(recipe_, context);
  const PreparedData& training = parts.training;
  const Network network = context.space.Build(architecture, recipe_.skeleton, TaskOf(training));
  ProbeResult result;
  if (!network.depends_on_input()) {
    const int times = recipe_.every_epoch ? recipe_.training.epochs : 1;
    const double classes = training.classes();
    result.Set("val_accuracy", std::vector<double>(times, 1 / classes));
    result.Set("val_loss", std::vector<double>(times, std::log(classes)));
    result.Set("val_images", {double(parts.validation.images())});
    return result;
  }
  if (auto reason = context.backend.WhyUnsupported(network)) {
    return Failure{FailureKind::kUnsupported, *reason};
  }
  const auto executor = context.backend.Compile(
      network, std::max(recipe_.training.batch_size, recipe_.evaluation_batch_size));
  executor->Reset(recipe_.training.optimizer, recipe_.training.loss);
  executor->SetParameters(InitialWeights(context, architecture, network, recipe_.initializer));
  std::vector<double> accuracies, losses;
  const auto judge = [&] {
    const SetEvaluation judged = EvaluateSet(*executor, parts.validation,
                                             recipe_.evaluation_batch_size, Statistics::kRunning);
    accuracies.push_back(judged.accuracy);
    losses.push_back(judged.loss);
  };
  const auto run = Train(*executor, training, recipe_.training, context.seed, context.replicate, 0,
                         [&](int epoch) {
                           if (context.check_stop) context.check_stop();
                           if (recipe_.every_epoch && epoch > 0) judge();
                         });
  if (!run) return run.failure();
  judge();
  for (double loss : losses) {
    if (!std::isfinite(loss)) {
      return Failure{FailureKind::kDiverged, "the validation loss is not finite"};
    }
  }
  result.Set("epoch_loss", run->epoch_losses);
  result.Set("val_accuracy", std::move(accuracies));
  result.Set("val_loss", std::move(losses));
  result.Set("val_images", {double(parts.validation.images())});
  return result;
}

}  // namespace mote
