// The weights that probes begin with.
#pragma once

#include <vector>

#include "mote/probe/probe.h"
#include "mote/train/initializer.h"

namespace mote {

// Of `network`, made of `architecture`, the representative of its class. A function of the
// context's seed and replicate and of the class; or, in a space whose networks share weights
// (SearchSpace::shares_weights), for each parameter of the space and the parameter's name instead.
std::vector<double> InitialWeights(const ProbeContext& context, const Architecture& architecture,
                                   const Network& network, Initializer initializer);

// The same for one repeat of a probe that trains nothing; its draws are other ones.
std::vector<double> InitialWeights(const ProbeContext& context, const Architecture& architecture,
                                   const Network& network, Initializer initializer, int repeat);

}  // namespace mote
