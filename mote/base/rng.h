// Keyed random numbers: a stream is named by what it is for, never by who draws from it when.
//
//   Rng rng(Key(seed, "weights", class_id.Hex(), replicate));
//   double u = rng.Uniform();
//
// Two streams with equal keys give equal numbers in any thread, order or process. The generator is
// counter-based: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011). Uniform, normal and shuffle are our own, because those of <random> differ
// between standard libraries.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/base/hash.h"

namespace mote {

// The name of a random stream: the hash of its labelled parts.
class Key {
 public:
  template <typename... Parts>
  explicit Key(std::uint64_t root_seed, const Parts&... parts) {
    std::string text = std::to_string(root_seed);
    (Append(text, parts), ...);
    hash_ = HashOf(text);
  }

  const Hash128& hash() const { return hash_; }

 private:
  // Each part is written with its length, so that ("ab", "c") and ("a", "bc") differ.
  static void Append(std::string& text, std::string_view part);
  static void Append(std::string& text, std::uint64_t part);
  static void Append(std::string& text, int part) { Append(text, std::uint64_t(part)); }

  Hash128 hash_;
};

// The bijection itself: ten rounds of Philox4x32. Exposed for its known-answer test.
std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

class Rng {
 public:
  explicit Rng(const Key& key);

  std::uint32_t Bits32();
  std::uint64_t Bits64();

  // Uniform in [0, 1), a multiple of 2^-53.
  double Uniform();
  // Uniform in {0, ..., bound - 1} without bias; bound >= 1.
  std::uint64_t Below(std::uint64_t bound);
  // Standard normal (Box and Muller 1958).
  double Normal();

  // Uniformly random order (Fisher and Yates).
  template <typename T>
  void Shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

  // count of the numbers 0 .. population-1, each at most once, in random order;
  // count <= population. O(population).
  std::vector<int> Sample(int population, int count);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

}  // namespace mote
