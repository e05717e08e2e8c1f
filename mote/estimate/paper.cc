// Preset `paper`: the formula of the paper and its slides. The sum of the losses evaluated along
// the line from initial to trained weights, plus the sum over epochs of loss / time, each Box-Cox
// transformed and standardised; lower is better.
//
// The paper states neither initialisation nor label smoothing: the authors' code decides both.
#include "mote/estimate/add_preset.h"
#include "mote/estimate/paper_recipe.h"

namespace mote {

MOTE_PRESET(paper) {
  Preset preset;
  preset.name = "paper";
  preset.summary = "MOTE as the paper defines it: two cells, 50 epochs at 32x32; minutes";
  preset.recipe = PaperRecipe();
  preset.form = MoteForm::kSlides;
  preset.slides = RecordsCalibration();
  preset.released = ReleasedCalibration();
  preset.unlearnable_is_worst = false;
  AddPreset(registry, preset);
}

}  // namespace mote
