#include "mote/reading/zico.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "mote/reading/finite.h"

namespace mote {
namespace {

// Mean |g| / deviation of weight `w`, zero if the gradients are equal: asked of the numbers
// themselves, since rounding of the mean can give equal gradients a deviation.
double InverseVariation(const BatchGradients& batches, std::size_t w) {
  const double first = batches.front()[w];
  if (std::ranges::all_of(batches, [&](auto batch) { return batch[w] == first; })) return 0;
  const double count = double(batches.size());
  double mean = 0, magnitude = 0;
  for (const auto& batch : batches) {
    mean += batch[w] / count;
    magnitude += std::abs(batch[w]) / count;
  }
  // Scaled by the magnitude, so that no square underflows.
  double variance = 0;
  for (const auto& batch : batches) {
    const double deviation = (batch[w] - mean) / magnitude;
    variance += deviation * deviation / count;
  }
  return variance > 0 ? 1 / std::sqrt(variance) : 0;
}

}  // namespace

Outcome<double> ZicoScore(std::span<const BatchGradients> layers) {
  double score = 0;
  for (const BatchGradients& batches : layers) {
    MOTE_CHECK(!batches.empty());
    for (const auto& batch : batches) {
      MOTE_CHECK(batch.size() == batches.front().size(), "{} and {} gradients", batch.size(),
                 batches.front().size());
      if (!AllFinite(batch)) return NotFinite("gradients");
    }
    double sum = 0;
    for (std::size_t w = 0; w < batches.front().size(); ++w) sum += InverseVariation(batches, w);
    if (sum > 0) score += std::log(sum);
  }
  return score;
}

}  // namespace mote
