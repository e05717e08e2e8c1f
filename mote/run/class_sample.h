// A sample of different networks.
#pragma once

#include <vector>

#include "mote/base/rng.h"
#include "mote/space/search_space.h"

namespace mote {

// Connected architectures of `count` different classes, each the first of its class in an order of
// the whole space that `key` draws. Throws Error(kInvalidArgument) if the space has fewer.
std::vector<Architecture> SampleClasses(const SearchSpace& space, int count, const Key& key);

}  // namespace mote
