// The probe behind MOTE and TSE: a reduced network is trained for moments, then the loss is read
// along the straight line from its initial to its trained weights.
#pragma once

#include <vector>

#include "mote/probe/probe.h"
#include "mote/train/initializer.h"
#include "mote/train/trainer.h"

namespace mote {

// How the loss at a point of the line is had.
enum class LineMode {
  kNone,
  kEvaluate,    // the paper: forward passes only, batch statistics
  kTrainEpoch,  // the authors' code: the mean loss of one more training epoch from that point, with
                // the optimiser's moments and step count carried along from point to point
};

struct TrainingRecipe {
  Skeleton skeleton;
  DataRecipe data;
  TrainingOptions training;
  Initializer initializer = Initializer::kGlorotUniform;
  LineMode line = LineMode::kEvaluate;
  // Points of the line in tenths: g stands for (1 - g/10) initial + (g/10) trained.
  std::vector<int> line_points;
  int line_images = 0;  // so many of the data's images, drawn by seed; 0: all
  int line_batch_size = 128;
  // Adds the series epoch_seconds: wall clock, the one thing that is not deterministic. Only for
  // speed terms by measured time.
  bool record_seconds = false;

  nlohmann::json ToJson() const;
};

// Series of the result:
//   step_loss, step_images  one value per step
//   epoch_loss              one value per epoch
//   line_loss               one value per point
//   learnable               1, or 0 if the logits ignore the image: then nothing is trained and
//                           every loss is ln(classes), as training would only confirm
//   classes                 of the task
class TrainingProbe : public Probe {
 public:
  explicit TrainingProbe(TrainingRecipe recipe) : recipe_(std::move(recipe)) {}

  const TrainingRecipe& recipe() const { return recipe_; }

  std::string name() const override { return "training"; }
  int version() const override { return 1; }
  nlohmann::json ToJson() const override;
  double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                      const Dataset& dataset) const override;
  bool uses_dataset() const override { return recipe_.data.source == "task"; }
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override;

 private:
  TrainingRecipe recipe_;
};

}  // namespace mote
