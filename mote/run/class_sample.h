// Architectures that are different networks: how many, and a sample of them.
#pragma once

#include <span>
#include <vector>

#include "mote/base/rng.h"
#include "mote/space/search_space.h"

namespace mote {

// Connected architectures of `count` different classes, each the first of its class in an order of
// the whole space that `key` draws. Throws Error(kInvalidArgument) if the space has fewer.
std::vector<Architecture> SampleClasses(const SearchSpace& space, int count, const Key& key);

// How many different networks these are. Those that cannot learn count as well.
int CountClasses(const SearchSpace& space, std::span<const Architecture> architectures);

}  // namespace mote
