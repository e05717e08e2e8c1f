#include "mote/reading/activation_codes.h"

#include <bit>

#include "mote/base/check.h"
#include "mote/reading/finite.h"

namespace mote {

ActivationCodes::ActivationCodes(int samples) : samples_(samples) {
  MOTE_CHECK(samples >= 1, "{} samples", samples);
  codes_.resize(std::size_t(samples));
}

void ActivationCodes::Append(std::span<const double> inputs) {
  MOTE_CHECK(inputs.size() % codes_.size() == 0, "{} inputs of {} samples", inputs.size(),
             samples_);
  finite_ = finite_ && AllFinite(inputs);
  const std::size_t units = inputs.size() / codes_.size(), first = std::size_t(units_);
  for (std::size_t sample = 0; sample < codes_.size(); ++sample) {
    std::vector<std::uint64_t>& code = codes_[sample];
    code.resize((first + units + 63) / 64);
    const std::span<const double> own = inputs.subspan(sample * units, units);
    for (std::size_t u = 0; u < units; ++u) {
      code[(first + u) / 64] |= std::uint64_t(own[u] > 0) << ((first + u) % 64);
    }
  }
  units_ += std::int64_t(units);
}

bool ActivationCodes::At(int sample, std::int64_t unit) const {
  MOTE_DCHECK(0 <= unit && unit < units_);
  return Code(sample)[std::size_t(unit / 64)] >> (unit % 64) & 1;
}

std::int64_t HammingDistance(const ActivationCodes& codes, int a, int b) {
  const std::span<const std::uint64_t> first = codes.Code(a), second = codes.Code(b);
  std::int64_t distance = 0;
  for (std::size_t w = 0; w < first.size(); ++w) distance += std::popcount(first[w] ^ second[w]);
  return distance;
}

}  // namespace mote
