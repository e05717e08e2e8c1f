#include "mote/reading/swap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "mote/reading/finite.h"

namespace mote {
namespace {

// As many patterns as there can be of so many samples are kept as one bit each, which is faster
// than sorting those of a million units.
constexpr int kSamplesOfTable = 20;

// Bit s of element u is the bit of sample s and unit u.
std::vector<std::uint64_t> Transpose(const ActivationCodes& codes) {
  std::vector<std::uint64_t> patterns(std::size_t(codes.units()));
  for (int sample = 0; sample < codes.samples(); ++sample) {
    const std::span<const std::uint64_t> code = codes.Code(sample);
    for (std::size_t u = 0; u < patterns.size(); ++u) {
      patterns[u] |= (code[u / 64] >> (u % 64) & 1) << sample;
    }
  }
  return patterns;
}

}  // namespace

Outcome<std::int64_t> CountSwapPatterns(const ActivationCodes& codes) {
  MOTE_CHECK(codes.samples() <= 64, "{} samples", codes.samples());
  if (!codes.finite()) return NotFinite("activations");
  std::vector<std::uint64_t> patterns = Transpose(codes);
  if (codes.samples() <= kSamplesOfTable) {
    std::vector<bool> seen(std::size_t(1) << codes.samples());
    for (const std::uint64_t pattern : patterns) seen[pattern] = true;
    return std::int64_t(std::ranges::count(seen, true));
  }
  std::sort(patterns.begin(), patterns.end());
  return std::unique(patterns.begin(), patterns.end()) - patterns.begin();
}

double SwapRegularisation(std::int64_t parameters, double mu, double sigma) {
  MOTE_CHECK(sigma > 0, "sigma {}", sigma);
  const double distance = double(parameters) / 1000 - mu;
  return std::exp(-distance * distance / sigma);
}

}  // namespace mote
