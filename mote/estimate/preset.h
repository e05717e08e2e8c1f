// A preset: how MOTE is measured. Which reduced network, on which reduced data, for how long, and
// how the two terms are transformed and joined.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mote/base/registry.h"
#include "mote/probe/training_probe.h"

namespace mote {

// Which way round the two terms are taken.
enum class MoteForm {
  kSlides,    // sum of losses along the line; sum over epochs of loss / time. Lower is better.
  kReleased,  // sum of reciprocal losses; time / mean loss. Higher is better.
};

// term -> weight * (BoxCox(term; lambda) - shift)
struct TermTransform {
  double lambda = 1;
  double shift = 0;
  double weight = 1;
};

// Constants that join the two terms of one form, and where they come from.
struct Calibration {
  TermTransform landscape;
  TermTransform speed;
  std::string source;  // the paper, or the command, seed, cells and data that measured them
};

struct Preset {
  std::string name;
  std::string summary;
  TrainingRecipe recipe;
  MoteForm form = MoteForm::kReleased;  // the form used unless the user asks for the other
  std::optional<Calibration> slides;
  std::optional<Calibration> released;
  // Small presets put a network that cannot learn below all others; the paper's and the released
  // one read ln(classes) as its losses, as the authors' records have it.
  bool unlearnable_is_worst = true;
};

using PresetRegistry = Registry<Preset>;
#define MOTE_PRESET(name) void RegisterPreset_##name(::mote::PresetRegistry& registry)

}  // namespace mote
