// Where a network's parameters lie in the engine's flat arrays of weights, gradients and moments.
#pragma once

#include <span>

#include "mote/backends/native/plan.h"

namespace mote::native {

// From the order of Network::parameters() and back. Padding is 0 and stays so.
void ToFlat(const Plan& plan, const Network& network, std::span<const double> parameters,
            float* flat);
void FromFlat(const Plan& plan, const Network& network, const float* flat,
              std::span<double> parameters);

}  // namespace mote::native
