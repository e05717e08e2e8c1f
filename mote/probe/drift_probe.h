// The probe behind the study of how estimates change while a network trains: at some epochs of one
// training, the tangent kernel of the present weights is read, and the loss along the line from the
// initial to the present weights.
#pragma once

#include <vector>

#include "mote/backends/tape.h"
#include "mote/probe/probe.h"
#include "mote/probe/training_probe.h"

namespace mote {

struct DriftRecipe {
  TrainingRecipe training;       // its line is that of each checkpoint, evaluated
  std::vector<int> checkpoints;  // epochs after which is read, ascending; 0: before training
  int kernel_images = 32;        // the first of the training data, the same at every checkpoint
  NormMode norm = NormMode::kFrozen;  // of the kernel; kBatch is singular for many networks

  nlohmann::json ToJson() const;
};

// Series of the result, one value per checkpoint unless said (reading/kernel.h):
//   condition            lambda_max / lambda_min of the kernel
//   smallest_eigenvalue  lambda_min
//   kernel_mean          mean of its entries
//   alignment            with the labels
//   line_loss            [checkpoints][points]; equal losses before training
//   epoch_loss           one value per epoch, as measured while training
// Trains for as many epochs as the last checkpoint says. A Failure (kUndefined) for a network whose
// logits ignore the image.
class DriftProbe : public Probe {
 public:
  explicit DriftProbe(DriftRecipe recipe);

  const DriftRecipe& recipe() const { return recipe_; }

  std::string name() const override { return "drift"; }
  int version() const override { return 1; }
  nlohmann::json ToJson() const override;
  double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                      const Dataset& dataset) const override;
  bool uses_dataset() const override { return recipe_.training.data.source == "task"; }
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override;

 private:
  DriftRecipe recipe_;
};

}  // namespace mote
