#include "mote/reading/activation_codes.h"

#include <algorithm>
#include <bit>

#include "mote/base/check.h"
#include "mote/reading/finite.h"

namespace mote {
namespace {

// Four sums, so that none has to wait for the one before.
std::int64_t DifferentBits(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::int64_t sums[4] = {};
  std::size_t w = 0;
  for (; w + 4 <= a.size(); w += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += std::popcount(a[w + k] ^ b[w + k]);
  }
  for (; w < a.size(); ++w) sums[0] += std::popcount(a[w] ^ b[w]);
  return sums[0] + sums[1] + sums[2] + sums[3];
}

}  // namespace

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

void ActivationCodes::Append(std::span<const std::uint64_t> bits, std::int64_t units, bool finite) {
  const std::size_t words = std::size_t((units + 63) / 64), shift = std::size_t(units_ % 64);
  MOTE_CHECK(units >= 0 && bits.size() == codes_.size() * words, "{} words of {} samples",
             bits.size(), samples_);
  finite_ = finite_ && finite;
  for (std::size_t sample = 0; sample < codes_.size(); ++sample) {
    std::vector<std::uint64_t>& code = codes_[sample];
    const std::uint64_t* own = bits.data() + sample * words;
    if (shift == 0) {
      code.insert(code.end(), own, own + words);
      continue;
    }
    for (std::size_t w = 0; w < words; ++w) {
      code.back() |= own[w] << shift;
      code.push_back(own[w] >> (64 - shift));
    }
    code.resize(std::size_t((units_ + units + 63) / 64));
  }
  units_ += units;
}

bool ActivationCodes::At(int sample, std::int64_t unit) const {
  MOTE_DCHECK(0 <= unit && unit < units_);
  return Code(sample)[std::size_t(unit / 64)] >> (unit % 64) & 1;
}

std::int64_t HammingDistance(const ActivationCodes& codes, int a, int b) {
  return DifferentBits(codes.Code(a), codes.Code(b));
}

std::vector<std::int64_t> HammingDistances(const ActivationCodes& codes) {
  constexpr std::size_t kPiece = 512;  // words of each sample at a time
  const std::size_t n = std::size_t(codes.samples()), words = codes.Code(0).size();
  std::vector<std::int64_t> distances(n * n);
  for (std::size_t begin = 0; begin < words; begin += kPiece) {
    const std::size_t count = std::min(kPiece, words - begin);
    for (std::size_t i = 0; i < n; ++i) {
      const auto first = codes.Code(int(i)).subspan(begin, count);
      for (std::size_t j = 0; j < i; ++j) {
        distances[i * n + j] += DifferentBits(first, codes.Code(int(j)).subspan(begin, count));
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) distances[j * n + i] = distances[i * n + j];
  }
  return distances;
}

}  // namespace mote
