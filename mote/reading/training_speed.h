// Training speed estimates (Ru, Lyle, Schut, Fil, van der Wilk, Gal: "Speedy performance
// estimation for neural architecture search", NeurIPS 2021): sums and averages of a run's losses
// by epoch, l_1 .. l_T, finite, in nats. Lower is better.
#pragma once

#include <span>

namespace mote {

// TSE of training losses, SoVL of validation losses; 0 of none.
double SumOfLosses(std::span<const double> losses);

// TSE-E: over the last `window` >= 0 epochs, or all if there are fewer.
double SumOfLastLosses(std::span<const double> losses, int window);

// a_1 = l_1, a_t = past a_(t-1) + (1 - past) l_t: weights that sum to 1. `past` in [0, 1]. The
// authors' code has past = .1, nearly the last loss alone. At least one loss.
double NormalisedMovingAverage(std::span<const double> losses, double past);

// The paper's TSE-EMA: sum of decay^(T - t) l_t; 0 of none.
double DiscountedSumOfLosses(std::span<const double> losses, double decay);

}  // namespace mote
