// Preset `paper`: the formula of the paper and its slides. The sum of the losses evaluated along the
// line from initial to trained weights, plus the sum over epochs of loss / time, each Box-Cox
// transformed and standardised; lower is better.
//
// The paper states neither initialisation nor label smoothing: the authors' code decides both.
#include "mote/estimate/paper_recipe.h"
#include "mote/estimate/recipe_options.h"

namespace mote {

MOTE_PRESET(paper) {
  const std::string summary = "MOTE as the paper defines it: two cells, 50 epochs at 32x32; minutes";
  registry.Add("paper", summary, RecipeOptions(PaperRecipe()), [summary](const Options& options) {
    Preset preset;
    preset.name = "paper";
    preset.summary = summary;
    preset.recipe = WithOptions(PaperRecipe(), options);
    preset.form = MoteForm::kSlides;
    preset.slides = RecordsCalibration();
    preset.released = ReleasedCalibration();
    preset.unlearnable_is_worst = false;
    return std::make_unique<Preset>(std::move(preset));
  });
}

}  // namespace mote
