#include "mote/base/rng.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "mote/base/check.h"

namespace mote {

void Key::Append(std::string& text, std::string_view part) {
  text += '/';
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

void Key::Append(std::string& text, std::uint64_t part) {
  text += '#';
  text += std::to_string(part);
}

std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {std::uint32_t(product1 >> 32) ^ counter[1] ^ key[0], std::uint32_t(product1),
               std::uint32_t(product0 >> 32) ^ counter[3] ^ key[1], std::uint32_t(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

// The low half of the key's hash is the Philox key; the high half starts the upper counter words,
// whose lower words count blocks. 2^64 blocks are never exhausted.
Rng::Rng(const Key& key)
    : key_{std::uint32_t(key.hash().low), std::uint32_t(key.hash().low >> 32)},
      counter_{0, 0, std::uint32_t(key.hash().high), std::uint32_t(key.hash().high >> 32)} {}

std::uint32_t Rng::Bits32() {
  if (used_ == 4) {
    block_ = Philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t Rng::Bits64() {
  const std::uint64_t low = Bits32();
  return low | std::uint64_t(Bits32()) << 32;
}

double Rng::Uniform() { return double(Bits64() >> 11) * 0x1p-53; }

std::uint64_t Rng::Below(std::uint64_t bound) {
  MOTE_CHECK(bound > 0);
  // Numbers past the last whole multiple of bound are drawn again; fewer than half ever are.
  const std::uint64_t excess = (std::uint64_t(0) - bound) % bound;
  std::uint64_t bits;
  do bits = Bits64();
  while (bits < excess);
  return bits % bound;
}

double Rng::Normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

std::vector<int> Rng::Sample(int population, int count) {
  MOTE_CHECK(0 <= count && count <= population, "{} of {}", count, population);
  std::vector<int> items(population);
  std::iota(items.begin(), items.end(), 0);
  for (int i = 0; i < count; ++i) std::swap(items[i], items[i + int(Below(population - i))]);
  items.resize(count);
  return items;
}

}  // namespace mote
