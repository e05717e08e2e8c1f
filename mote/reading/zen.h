// Zen-score (Lin, Wang, Sun, Chen, Sun, Qian, Li, Jin: "Zen-NAS: A zero-shot NAS for
// high-performance deep image recognition", ICCV 2021): how far a network of standard normal
// weights moves its features for a small change of a noise image, with the scale that batch norm
// took off put back. In nats; higher is better.
#pragma once

#include <span>

#include "mote/base/outcome.h"

namespace mote {

// ln of the mean over images of ||f(x) - f(x + 0.01 e)||_1, where f is the feature map before
// global pooling, both [images][features]; the norm is a sum, and grows with the map. -inf if
// nothing moves. A Failure (kDiverged) if features are not finite.
Outcome<double> ZenDifference(std::span<const double> features, std::span<const double> moved,
                              int images);

// 1/2 ln of the mean over channels of one batch norm's running variance, which has seen both
// forward passes; summed over all batch norms. -inf if all are zero. A Failure (kDiverged) if
// variances are not finite.
Outcome<double> ZenScale(std::span<const double> running_variance);

}  // namespace mote
