// The two terms of MOTE and their joining (Zhang et al., NeurIPS 2024): pure arithmetic.
#pragma once

#include <span>

#include "mote/estimate/preset.h"
#include "mote/space/search_space.h"

namespace mote {

// kSlides: sum of the losses along the line from initial to trained weights, in nats.
// kReleased: sum of their reciprocals.
double LandscapeTerm(std::span<const double> line_losses, MoteForm form);

// kSlides: sum over epochs of loss / time, an epoch taking seconds / epochs.
// kReleased: seconds / mean loss, the time being in the numerator.
double SpeedTerm(std::span<const double> epoch_losses, double seconds, MoteForm form);

// weight_L (B(L; lambda_L) - shift_L) + weight_S (B(S; lambda_S) - shift_S), with B of Box & Cox.
double JoinTerms(double landscape, double speed, const Calibration& calibration);

// The constants of the authors' code for NAS-Bench-201: weights lambda^2 sigma, no shift.
Calibration ReleasedCalibration();

// Seconds a V100 needs for the authors' 50 epochs, as a linear function of the live convolutions:
// 6.338 + 0.704 n1x1 + 1.134 n3x3, fitted to the authors' 15,614 records (R2 = .972 with dead
// operations counted too). It ranks better than the measured seconds and is equal for equal
// networks.
double CountedSeconds(const LiveEdges& live);

}  // namespace mote
