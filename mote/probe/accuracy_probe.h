// The probe that judges finalists: a network is trained on a part of the training split and its
// accuracy read on images it has not seen.
#pragma once

#include "mote/probe/probe.h"
#include "mote/train/initializer.h"
#include "mote/train/trainer.h"

namespace mote {

struct AccuracyRecipe {
  Skeleton skeleton;
  DataRecipe data;
  TrainingOptions training;
  Initializer initializer = Initializer::kKaimingUniform;
  // Where the data has no split "val", this share of each class's training images, drawn by seed,
  // is set aside to judge on.
  double holdout = 0.2;
  int evaluation_batch_size = 256;
  // Judged after every epoch, not just the last. In JSON only where it is so.
  bool every_epoch = false;

  nlohmann::json ToJson() const;
};

// Series of the result: val_accuracy, a fraction, and val_loss, after the last epoch or after each;
// val_images; epoch_loss of the training. A network whose logits ignore the image is not trained:
// its accuracy is 1 / classes.
class AccuracyProbe : public Probe {
 public:
  explicit AccuracyProbe(AccuracyRecipe recipe) : recipe_(std::move(recipe)) {}

  std::string name() const override { return "accuracy"; }
  int version() const override { return 1; }
  nlohmann::json ToJson() const override;
  double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                      const Dataset& dataset) const override;
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override;

 private:
  AccuracyRecipe recipe_;
};

}  // namespace mote
