// What a training on the target's own data says when it is stopped early: the accuracy on held-out
// images after n epochs, and the sum of the losses there after each (SoVL of Ru, Lyle, Schut, Fil,
// van der Wilk, Gal: "Speedy performance estimation for neural architecture search", NeurIPS 2021).
//
// The benchmark's network and recipe (Dong & Yang, ICLR 2020): SGD with Nesterov momentum, weight
// decay 5e-4, mirrored and shifted images, rate .1 falling as a cosine over the n epochs. Only the
// training split and a validation split are touched. Both estimates read the same training.
#include "mote/estimate/probe_reader.h"
#include "mote/probe/accuracy_probe.h"
#include "mote/reading/training_speed.h"

namespace mote {
namespace {

std::vector<OptionSpec> EarlyStopOptions() {
  return {
      {.name = "epochs",
       .default_value = std::int64_t(1),
       .help = "passes over the training part",
       .minimum = 1,
       .maximum = 10000},
      {.name = "images",
       .default_value = std::int64_t(0),
       .help = "images drawn from the training split, class-balanced; 0 takes all",
       .minimum = 0},
      {.name = "batch_size",
       .default_value = std::int64_t(256),
       .help = "images of a step",
       .minimum = 1,
       .maximum = 65536},
  };
}

AccuracyRecipe RecipeOf(const Options& options, const NetworkChoice& network) {
  AccuracyRecipe recipe;
  recipe.skeleton = network.skeleton;
  recipe.data.image_size = network.image_size;
  recipe.data.images = int(options.Int("images"));
  recipe.training.epochs = int(options.Int("epochs"));
  recipe.training.batch_size = int(options.Int("batch_size"));
  recipe.training.optimizer.kind = OptimizerKind::kSgd;
  recipe.training.optimizer.weight_decay = 5e-4;
  recipe.training.schedule = {ScheduleKind::kCosine, 0.1};
  recipe.training.augment = true;
  recipe.every_epoch = true;
  return recipe;
}

}  // namespace

MOTE_ESTIMATOR(early_stop) {
  const auto add = [&registry](const EstimatorInfo& info, const std::string& summary,
                               const ReadingOf& reading) {
    registry.Add(info.name, summary, EarlyStopOptions(),
                 [=](const Options& options, const Setting& setting) {
                   return MakeProbeReader(info,
                                          std::make_shared<AccuracyProbe>(RecipeOf(
                                              options, setting.network.value_or(FullNetwork()))),
                                          reading);
                 });
  };
  add({.name = "early-stop",
       .unit = "1",
       .cost = CostClass::kTraining,
       .citation = "recipe of Dong & Yang, ICLR 2020"},
      "accuracy on held-out images after a few epochs of the benchmark's training",
      [](const ProbeResult& run) { return run["val_accuracy"].back(); });
  add({.name = "sovl",
       .unit = "nat",
       .direction = Direction::kLowerIsBetter,
       .cost = CostClass::kTraining,
       .citation = "Ru et al., NeurIPS 2021"},
      "sum of the losses on held-out images after each epoch of that training",
      [](const ProbeResult& run) { return SumOfLosses(run["val_loss"]); });
}

}  // namespace mote
