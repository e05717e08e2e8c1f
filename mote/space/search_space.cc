#include "mote/space/search_space.h"

#include "mote/base/check.h"

namespace mote {

const SearchSpace* SearchSpace::Named(std::string_view space) const {
  if (space == name()) return this;
  return supernet() != nullptr && space == supernet()->name() ? supernet() : nullptr;
}

const SearchSpace& SearchSpace::SpaceOf(const Architecture& architecture) const {
  const SearchSpace* space = Named(architecture.space());
  MOTE_CHECK(space != nullptr, "{} knows nothing of the architectures of {}", name(),
             architecture.space());
  return *space;
}

std::int64_t SearchSpace::size() const {
  std::int64_t size = 1;
  for (const Choice& choice : choices()) {
    const bool overflow = __builtin_mul_overflow(size, std::int64_t(choice.options.size()), &size);
    MOTE_CHECK(!overflow, "space {} is too large to be numbered", name());
  }
  return size;
}

Architecture SearchSpace::At(std::int64_t index) const {
  MOTE_CHECK(index >= 0 && index < size(), "{} of {} in space {}", index, size(), name());
  const std::vector<Choice>& places = choices();
  std::vector<int> decisions(places.size());
  for (std::size_t i = places.size(); i-- > 0;) {
    const auto options = std::int64_t(places[i].options.size());
    decisions[i] = int(index % options);
    index /= options;
  }
  return Make(std::move(decisions));
}

std::int64_t SearchSpace::IndexOf(const Architecture& architecture) const {
  MOTE_CHECK(architecture.space() == name(), "{} is asked about an architecture of {}", name(),
             architecture.space());
  const std::vector<Choice>& places = choices();
  MOTE_CHECK(architecture.decisions().size() == places.size(), "{} decisions",
             architecture.decisions().size());
  std::int64_t index = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    index = index * std::int64_t(places[i].options.size()) + architecture.decisions()[i];
  }
  return index;
}

}  // namespace mote
