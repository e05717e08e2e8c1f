#include "mote/reading/linear_regions.h"

#include <algorithm>
#include <vector>

#include "mote/reading/finite.h"

namespace mote {

Outcome<std::int64_t> CountLinearRegions(std::span<const ActivationCodes> batches) {
  using Code = std::span<const std::uint64_t>;
  std::vector<Code> codes;
  for (const ActivationCodes& batch : batches) {
    MOTE_CHECK(batch.units() == batches.front().units(), "{} and {} units", batch.units(),
               batches.front().units());
    if (!batch.finite()) return NotFinite("activations");
    for (int sample = 0; sample < batch.samples(); ++sample) codes.push_back(batch.Code(sample));
  }
  std::sort(codes.begin(), codes.end(),
            [](Code a, Code b) { return std::ranges::lexicographical_compare(a, b); });
  const auto end = std::unique(codes.begin(), codes.end(),
                               [](Code a, Code b) { return std::ranges::equal(a, b); });
  return end - codes.begin();
}

}  // namespace mote
