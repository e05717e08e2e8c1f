// The probe behind pictures of the loss landscape: a network is trained, and the loss is read on a
// plane through its path, and along the line from its initial to its trained weights.
#pragma once

#include <vector>

#include "mote/probe/probe.h"
#include "mote/probe/training_probe.h"

namespace mote {

enum class PlaneForm {
  kPoints,  // through the weights before, in the middle of, and after training
  kPath,    // the two main directions of the weights after all epochs, through the last ones
            // (Lorch: "Visualizing deep network training trajectories with PCA", 2016)
};

struct LandscapeRecipe {
  TrainingRecipe training;  // its line points and images are those of the line and of the plane
  PlaneForm plane = PlaneForm::kPoints;
  // Each filter of a direction gets the norm of the same filter of the trained network (Li, Xu,
  // Taylor, Studer, Goldstein: "Visualizing the loss landscape of neural nets", NeurIPS 2018).
  bool filter_normalised = false;
  int side = 31;        // places of the plane along each direction
  double margin = 0.4;  // beyond the path on each side, as a share of its extent

  nlohmann::json ToJson() const;
};

// Series of the result:
//   u, v         [side] coordinates of the plane's places: from the trained weights, in lengths of
//                the directions; kPoints: u = -1 are the initial weights, v that part of the middle
//                ones that is not on the line between initial and trained
//   plane_loss   [side][side], v-major: the loss at (u[column], v[row]), infinite where it
//   overflows path_u, path_v, path_loss   one value before training and after every epoch: the
//   weights as seen
//                on the plane (nearest point of it), and their own loss
//   line_share, line_loss       the line, share 0 the initial and 1 the trained weights
//   epoch_loss   as measured while training
// A Failure (kUndefined) for a network whose logits ignore the image.
class LandscapeProbe : public Probe {
 public:
  explicit LandscapeProbe(LandscapeRecipe recipe);

  const LandscapeRecipe& recipe() const { return recipe_; }

  std::string name() const override { return "landscape"; }
  int version() const override { return 1; }
  nlohmann::json ToJson() const override;
  double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                      const Dataset& dataset) const override;
  bool uses_dataset() const override { return recipe_.training.data.source == "task"; }
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override;

 private:
  LandscapeRecipe recipe_;
};

}  // namespace mote
