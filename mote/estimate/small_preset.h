// What the small presets have in common: seconds become milliseconds by a row of tiny cells on
// images of 4x4 or 8x8 pixels. They are not MOTE as published, and are labelled so.
#pragma once

#include <string>

#include "mote/estimate/add_preset.h"

namespace mote {

struct SmallPresetSize {
  int image_size = 4;
  int epochs = 20;
  double learning_rate = 5e-3;
};

// 512 images of at most 10 classes in [0, 1], Adam in Keras form at a constant rate, batch 64,
// label smoothing .01, epsilon 1e-4 of batch normalisation, Glorot-uniform weights; the landscape
// is evaluated on 256 of the images at 4, 6, 8 and 10 tenths of the line, since earlier points only
// add noise.
TrainingRecipe SmallRecipe(Skeleton skeleton, const SmallPresetSize& size);

// How the terms of one form are transformed.
struct SmallPresetTerms {
  TermTransform landscape, speed;
};

struct SmallPreset {
  std::string name, summary;
  TrainingRecipe recipe;
  // Measured by `mote calibrate --preset NAME --cells 300 --seed 0 --data fashion-mnist`, on
  // unlabelled scores.
  SmallPresetTerms released, slides;
};

// As AddPreset.
void AddSmallPreset(PresetRegistry& registry, const SmallPreset& small);

}  // namespace mote
