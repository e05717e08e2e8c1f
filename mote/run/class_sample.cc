#include "mote/run/class_sample.h"

#include <unordered_set>

#include "mote/base/error.h"

namespace mote {

std::vector<Architecture> SampleClasses(const SearchSpace& space, int count, const Key& key) {
  Rng rng(key);
  std::vector<Architecture> cells;
  std::unordered_set<Hash128> classes;
  for (int index : rng.Sample(int(space.size()), int(space.size()))) {
    if (int(cells.size()) == count) break;
    const Architecture cell = space.At(index);
    if (space.IsConnected(cell) && classes.insert(space.ClassId(cell)).second) {
      cells.push_back(cell);
    }
  }
  if (int(cells.size()) < count) {
    Throw(ErrorCode::kInvalidArgument, "{} cells are wanted, but space {} has only {} networks",
          count, space.name(), cells.size());
  }
  return cells;
}

int CountClasses(const SearchSpace& space, std::span<const Architecture> architectures) {
  std::unordered_set<Hash128> classes;
  for (const Architecture& architecture : architectures) {
    classes.insert(space.ClassId(architecture));
  }
  return int(classes.size());
}

}  // namespace mote
