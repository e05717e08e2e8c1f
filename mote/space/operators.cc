#include "mote/space/operators.h"

#include <algorithm>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

// An absent condition allows everything.
bool Allows(const Feasible& feasible, const Architecture& architecture) {
  return !feasible || feasible(architecture);
}

int OptionCount(const Choice& choice) { return int(choice.options.size()); }

// The places at which there is anything to change.
std::vector<int> OpenPlaces(const SearchSpace& space) {
  const std::vector<Choice>& choices = space.choices();
  std::vector<int> places;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].options.size() > 1) places.push_back(int(i));
  }
  return places;
}

// Walks through the decisions from `place` on, options in order, as long as `left` further changes
// are allowed. This order is the lexicographic one.
class NeighbourWalk {
 public:
  NeighbourWalk(const SearchSpace& space, const Architecture& centre, const Feasible& feasible)
      : space_(space),
        centre_(centre.decisions()),
        decisions_(centre.decisions()),
        feasible_(feasible) {}

  std::vector<Architecture> Run(int radius) {
    Visit(0, radius, false);
    return std::move(found_);
  }

 private:
  void Visit(std::size_t place, int left, bool changed) {
    if (place == decisions_.size()) {
      if (!changed) return;
      Architecture neighbour = space_.Make(decisions_);
      if (Allows(feasible_, neighbour)) found_.push_back(std::move(neighbour));
      return;
    }
    for (int option = 0; option < OptionCount(space_.choices()[place]); ++option) {
      const bool differs = option != centre_[place];
      if (differs && left == 0) continue;
      decisions_[place] = option;
      Visit(place + 1, left - int(differs), changed || differs);
    }
    decisions_[place] = centre_[place];
  }

  const SearchSpace& space_;
  const std::vector<int>& centre_;
  std::vector<int> decisions_;
  const Feasible& feasible_;
  std::vector<Architecture> found_;
};

}  // namespace

Architecture SampleUniform(const SearchSpace& space, Rng& rng) {
  std::vector<int> decisions;
  decisions.reserve(space.choices().size());
  for (const Choice& choice : space.choices()) {
    decisions.push_back(int(rng.Below(choice.options.size())));
  }
  return space.Make(std::move(decisions));
}

std::optional<Architecture> SampleFeasible(const SearchSpace& space, const Feasible& feasible,
                                           Rng& rng, int tries) {
  for (int i = 0; i < tries; ++i) {
    Architecture architecture = SampleUniform(space, rng);
    if (Allows(feasible, architecture)) return architecture;
  }
  return std::nullopt;
}

std::optional<Architecture> Mutate(const SearchSpace& space, const Architecture& parent,
                                   int changes, const Feasible& feasible, Rng& rng, int tries) {
  MOTE_CHECK(parent.space() == space.name(), "{} is not of {}", parent.text(), space.name());
  const std::vector<int> open = OpenPlaces(space);
  if (changes < 1 || changes > int(open.size())) {
    Throw(ErrorCode::kInvalidArgument,
          "a mutation cannot change {} decisions: the space {} has {} that can change; use 1 to {}",
          changes, space.name(), open.size(), open.size());
  }
  for (int i = 0; i < tries; ++i) {
    std::vector<int> decisions = parent.decisions();
    for (int drawn : rng.Sample(int(open.size()), changes)) {
      const int place = open[drawn];
      // One of the other options: those from the present one on move up by one.
      int option = int(rng.Below(OptionCount(space.choices()[place]) - 1));
      if (option >= decisions[place]) ++option;
      decisions[place] = option;
    }
    Architecture mutant = space.Make(std::move(decisions));
    if (Allows(feasible, mutant)) return mutant;
  }
  return std::nullopt;
}

std::vector<Architecture> Neighbours(const SearchSpace& space, const Architecture& centre,
                                     int radius, const Feasible& feasible) {
  MOTE_CHECK(centre.space() == space.name(), "{} is not of {}", centre.text(), space.name());
  MOTE_CHECK(radius >= 0, "radius {}", radius);
  return NeighbourWalk(space, centre, feasible).Run(radius);
}

Architecture Crossover(const SearchSpace& space, const Architecture& mother,
                       const Architecture& father, Rng& rng) {
  MOTE_CHECK(mother.space() == space.name() && father.space() == space.name(), "{} and {}",
             mother.text(), father.text());
  std::vector<int> decisions = mother.decisions();
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (rng.Below(2) == 1) decisions[i] = father.decisions()[i];
  }
  return space.Make(std::move(decisions));
}

int Distance(const Architecture& a, const Architecture& b) {
  MOTE_CHECK(a.space() == b.space() && a.decisions().size() == b.decisions().size(), "{} and {}",
             a.text(), b.text());
  int distance = 0;
  for (std::size_t i = 0; i < a.decisions().size(); ++i) {
    distance += int(a.decisions()[i] != b.decisions()[i]);
  }
  return distance;
}

}  // namespace mote
