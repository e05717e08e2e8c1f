// The architectures that a search may propose, to draw from.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mote/base/rng.h"
#include "mote/space/operators.h"

namespace mote {

// Immutable and, if `feasible` is, thread-safe. A space of up to kListed architectures is walked
// once, when the population is made; a larger one is never listed.
class Population {
 public:
  static constexpr std::int64_t kListed = std::int64_t(1) << 20;

  // `space` must outlive it. Throws Error(kInvalidArgument) if nothing is feasible (of a space too
  // large to list: if nothing feasible was found in 100,000 tries).
  Population(const SearchSpace& space, Feasible feasible);

  // The decisions of `count` different feasible architectures, uniform without replacement, in
  // random order; all there are if there are fewer. Of a space too large to list: those found until
  // 100,000 tries in a row brought nothing new. A longer draw with an equal Rng begins with the
  // shorter one.
  std::vector<std::vector<int>> Draw(int count, Rng& rng) const;

  // Their number; nothing for a space too large to list.
  std::optional<std::int64_t> size() const;
  // The index-th in lexicographic order, index in 0 .. *size()-1.
  std::vector<int> At(std::int64_t index) const;

 private:
  const SearchSpace& space_;
  Feasible feasible_;
  bool is_listed_;
  std::vector<std::int32_t> listed_;  // their indices in the space, ascending
};

}  // namespace mote
