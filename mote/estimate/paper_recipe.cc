#include "mote/estimate/paper_recipe.h"

namespace mote {

TrainingRecipe PaperRecipe() {
  TrainingRecipe recipe;
  recipe.skeleton = PaperSkeleton();
  recipe.data = {.source = "task", .image_size = 32, .classes = 10, .images = 0};
  recipe.training.epochs = 50;
  recipe.training.batch_size = 256;
  recipe.training.keep_partial_batch = true;
  recipe.training.loss.label_smoothing = 0.01;
  recipe.training.schedule = {ScheduleKind::kConstant, 1e-3};
  recipe.line = LineMode::kEvaluate;
  for (int g = 0; g <= 10; ++g) recipe.line_points.push_back(g);
  recipe.line_batch_size = 256;
  return recipe;
}

Calibration RecordsCalibration() {
  return {.landscape = {.lambda = -1.97390848, .shift = 0.504763921, .weight = 1628.77147},
          .speed = {.lambda = -0.2566776, .shift = 3.05546107, .weight = 13.5603415},
          .source = "mote calibrate --records mote_reference.csv.gz"};
}

}  // namespace mote
