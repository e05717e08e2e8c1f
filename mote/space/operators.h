// Ways to move in a space. Free functions over SearchSpace::choices(); every random one is a
// function of its Rng, and every rejection loop is bounded.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "mote/base/rng.h"
#include "mote/space/search_space.h"

namespace mote {

// Which architectures a search may propose: connectedness, limits, rows of a table. An empty
// function allows all.
using Feasible = std::function<bool(const Architecture&)>;

// Uniform over the whole space.
Architecture SampleUniform(const SearchSpace& space, Rng& rng);

// Uniform over the feasible part, by rejection; nothing after `tries` misses in a row.
std::optional<Architecture> SampleFeasible(const SearchSpace& space, const Feasible& feasible,
                                           Rng& rng, int tries = 100000);

// Exactly `changes` decisions, drawn without replacement, get another option, uniformly.
// Nothing if no feasible mutant was found in `tries` draws. Throws Error(kInvalidArgument) if
// `changes` is less than 1 or more than the number of decisions that have another option.
std::optional<Architecture> Mutate(const SearchSpace& space, const Architecture& parent,
                                   int changes, const Feasible& feasible, Rng& rng,
                                   int tries = 1000);

// All architectures that differ from `centre` in 1 .. radius decisions, in lexicographic order.
std::vector<Architecture> Neighbours(const SearchSpace& space, const Architecture& centre,
                                     int radius, const Feasible& feasible);

// Each decision from one of the parents, with equal chance.
Architecture Crossover(const SearchSpace& space, const Architecture& mother,
                       const Architecture& father, Rng& rng);

// Number of decisions in which the two differ.
int Distance(const Architecture& a, const Architecture& b);

}  // namespace mote
