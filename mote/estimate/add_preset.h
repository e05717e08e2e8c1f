// How a preset file registers its preset.
#pragma once

#include "mote/estimate/preset.h"

namespace mote {

// Registers `preset` under its own name. Every preset offers the same knobs of its recipe (epochs,
// learning_rate, batch_size, images, classes, stem), with its own values as defaults.
void AddPreset(PresetRegistry& registry, const Preset& preset);

}  // namespace mote
