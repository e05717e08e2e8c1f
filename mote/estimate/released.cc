// Preset `released`: MOTE as the authors' code computes it. Batch 1024; the "landscape" is the mean
// loss of one further training epoch from each of the eleven points, with the optimiser's moments
// and step count never reset; sums of reciprocals; time in the numerator; higher is better.
//
// Deviations: convolutions that only ever read zeros are dropped, as everywhere in mote; the time
// is counted unless mote.time=wall; a run that diverges is a failure, where the code loops forever.
// The authors' published records fit a stem with an activation (option stem=gelu), their code has
// none.
#include "mote/estimate/add_preset.h"
#include "mote/estimate/paper_recipe.h"

namespace mote {
namespace {

TrainingRecipe ReleasedRecipe() {
  TrainingRecipe recipe = PaperRecipe();
  recipe.training.batch_size = 1024;
  recipe.line = LineMode::kTrainEpoch;
  return recipe;
}

}  // namespace

MOTE_PRESET(released) {
  Preset preset;
  preset.name = "released";
  preset.summary = "MOTE as the authors' code computes it, batch 1024; minutes a cell";
  preset.recipe = ReleasedRecipe();
  preset.form = MoteForm::kReleased;
  preset.slides = RecordsCalibration();
  preset.released = ReleasedCalibration();
  preset.unlearnable_is_worst = false;
  AddPreset(registry, preset);
}

}  // namespace mote
