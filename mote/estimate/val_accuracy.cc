// Accuracy on images that were not trained on: what finalists are judged by (`mote search
// --evaluate train`). A smaller sibling of the benchmark's network, stem, three stages of cells
// with residual blocks between, head, is trained for some epochs with the benchmark's recipe: SGD
// with Nesterov momentum, cosine rate, weight decay 5e-4, mirrored and shifted images (Dong & Yang,
// ICLR 2020). Only the training split and a validation split are touched; test images never are.
#include "mote/estimate/probe_reader.h"
#include "mote/probe/accuracy_probe.h"

namespace mote {
namespace {

std::vector<OptionSpec> ValAccuracyOptions() {
  return {
      {.name = "epochs",
       .default_value = std::int64_t(6),
       .help = "passes over the training part",
       .minimum = 1,
       .maximum = 10000},
      {.name = "images",
       .default_value = std::int64_t(5000),
       .help = "images drawn from the training split, class-balanced; 0 takes all",
       .minimum = 0},
      {.name = "image_size",
       .default_value = std::int64_t(16),
       .help = "side to which they are shrunk",
       .minimum = 8,
       .maximum = 1024},
      {.name = "cells",
       .default_value = std::int64_t(1),
       .help = "cells of each of three stages",
       .minimum = 1,
       .maximum = 20},
      {.name = "channels",
       .default_value = std::int64_t(16),
       .help = "of the first stage",
       .minimum = 1,
       .maximum = 256},
      {.name = "learning_rate",
       .default_value = 0.1,
       .help = "peak rate of SGD",
       .minimum = 0,
       .maximum = 10},
      {.name = "batch_size",
       .default_value = std::int64_t(128),
       .help = "images of a step",
       .minimum = 1,
       .maximum = 65536},
  };
}

AccuracyRecipe RecipeOf(const Options& options) {
  AccuracyRecipe recipe;
  recipe.skeleton = BenchmarkSkeleton();
  int channels = int(options.Int("channels"));
  for (Stage& stage : recipe.skeleton.stages) {
    stage.cells = int(options.Int("cells"));
    stage.channels = channels;
    channels *= 2;
  }
  recipe.data.image_size = int(options.Int("image_size"));
  recipe.data.images = int(options.Int("images"));
  recipe.training.epochs = int(options.Int("epochs"));
  recipe.training.batch_size = int(options.Int("batch_size"));
  recipe.training.optimizer.kind = OptimizerKind::kSgd;
  recipe.training.optimizer.weight_decay = 5e-4;
  recipe.training.schedule = {ScheduleKind::kCosine, options.Real("learning_rate")};
  recipe.training.augment = true;
  return recipe;
}

}  // namespace

MOTE_ESTIMATOR(val_accuracy) {
  registry.Add("val-accuracy", "accuracy on held-out images after a short training of a small net",
               ValAccuracyOptions(), [](const Options& options, const Setting&) {
                 return MakeProbeReader(
                     {.name = "val-accuracy",
                      .unit = "1",
                      .cost = CostClass::kTraining,
                      .citation = "recipe of Dong & Yang, ICLR 2020"},
                     std::make_shared<AccuracyProbe>(RecipeOf(options)),
                     [](const ProbeResult& run) { return run["val_accuracy"][0]; });
               });
}

}  // namespace mote
