// The proxy training of MOTE (Zhang et al., NeurIPS 2024): two cells of 32 channels with 4x4
// pooling between them, on ten classes of 32x32 images, 50 epochs of Adam at 1e-3. Minutes a cell
// on a CPU.
#pragma once

#include "mote/estimate/mote_terms.h"
#include "mote/estimate/preset.h"

namespace mote {

// Eleven points of the line over all images; batch 256 and the evaluated landscape of the paper.
TrainingRecipe PaperRecipe();

// Constants of the slides' form, fitted to the authors' 10,000 published records with counted
// seconds.
Calibration RecordsCalibration();

}  // namespace mote
