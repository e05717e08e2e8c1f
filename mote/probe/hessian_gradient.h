// The Hessian of a loss times its gradient, from two more gradients: nothing is differentiated
// twice.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "mote/backends/tape.h"
#include "mote/base/outcome.h"

namespace mote {

// Of size parameter_count(): zero at all parameters but convolution kernels and linear weights,
// which is also where the Hessian is taken.
struct HessianGradient {
  std::vector<double> gradient;          // g
  std::vector<double> hessian_gradient;  // H g
};

// The gradient of a loss to the logits.
using LossSlopes = std::function<std::vector<double>(std::span<const double> logits)>;

// By central differences, batch normalisation by the batch:
//
//   H g = ||g|| (g(w + s u) - g(w - s u)) / 2 s,   u = g / ||g||,   s = 2^-32 ||w|| or shorter.
//
// For a smooth loss, s = cube root of 2^-52 times ||w|| would balance what is left out, of order
// s^2, against rounding, 2^-52 / s. But rectifiers make the loss smooth in pieces only: each unit
// that s u pushes through zero adds a jump of g to the difference, divided by s, which automatic
// differentiation, and so the definition of what reads this, does not see. The benchmark's network
// has some 1e7 units in a batch: a step of 2^-24 pushes several, one of 2^-32 still does so for
// some networks, whose sums over layers are then off by a factor of hundreds. So where a
// rectifier's input has another sign at w + s u or w - s u, s is divided by 16, down to 2^-44: one
// that is exactly zero at w, and so has no slope there, stays. Rounding makes an error of some
// 1e-5 of H g for 2^-32, and 16 times that for each division. Zero if g is.
//
// `tape` should be of Precision::kDouble; it ends with `parameters` set and no Forward. A Failure
// (kDiverged) if g is not finite. Three passes forward and back, up to two more
// forward for each shorter step.
Outcome<HessianGradient> MeasureHessianGradient(Tape& tape, std::span<const double> parameters,
                                                std::span<const double> images, int count,
                                                const LossSlopes& loss_slopes);

}  // namespace mote
