#include "mote/search/population.h"

#include <algorithm>
#include <set>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

constexpr int kTries = 100000;

// SearchSpace::size() of a huge space may not fit its type; this stops early.
bool IsListable(const SearchSpace& space) {
  std::int64_t size = 1;
  for (const Choice& choice : space.choices()) {
    size *= std::int64_t(choice.options.size());
    if (size > Population::kListed) return false;
  }
  return true;
}

// SearchSpace::At without making an Architecture, whose text costs more than all else here.
std::vector<int> DecisionsAt(const SearchSpace& space, std::int64_t index) {
  const std::vector<Choice>& choices = space.choices();
  std::vector<int> decisions(choices.size());
  for (std::size_t i = choices.size(); i-- > 0;) {
    const std::int64_t options = std::int64_t(choices[i].options.size());
    decisions[i] = int(index % options);
    index /= options;
  }
  return decisions;
}

}  // namespace

Population::Population(const SearchSpace& space, Feasible feasible)
    : space_(space), feasible_(std::move(feasible)), is_listed_(IsListable(space)) {
  bool found = false;
  if (is_listed_) {
    const std::int64_t size = space.size();
    for (std::int64_t index = 0; index < size; ++index) {
      if (feasible_(space.At(index))) listed_.push_back(std::int32_t(index));
    }
    found = !listed_.empty();
  } else {
    Rng rng(Key(0, "propose", "is anything feasible"));
    found = SampleFeasible(space, feasible_, rng, kTries).has_value();
  }
  if (!found) {
    Throw(ErrorCode::kInvalidArgument,
          "no architecture of {} is feasible; loosen the limits or take another table",
          space.name());
  }
}

std::vector<std::vector<int>> Population::Draw(int count, Rng& rng) const {
  MOTE_CHECK(count >= 0);
  std::vector<std::vector<int>> drawn;
  if (is_listed_) {
    const int population = int(listed_.size());
    for (const int place : rng.Sample(population, std::min(count, population))) {
      drawn.push_back(At(place));
    }
    return drawn;
  }
  std::set<std::vector<int>> known;
  for (int misses = 0; int(drawn.size()) < count && misses < kTries; ++misses) {
    const Architecture architecture = SampleUniform(space_, rng);
    if (known.contains(architecture.decisions()) || !feasible_(architecture)) continue;
    known.insert(architecture.decisions());
    drawn.push_back(architecture.decisions());
    misses = -1;
  }
  return drawn;
}

std::optional<std::int64_t> Population::size() const {
  if (!is_listed_) return std::nullopt;
  return std::int64_t(listed_.size());
}

std::vector<int> Population::At(std::int64_t index) const {
  MOTE_CHECK(is_listed_ && 0 <= index && index < std::int64_t(listed_.size()), "{}", index);
  return DecisionsAt(space_, listed_[index]);
}

}  // namespace mote
