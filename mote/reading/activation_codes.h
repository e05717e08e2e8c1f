// The binary codes of images: which of a network's rectifiers each image switches on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mote {

// One bit for each sample and unit, 64 to a word. A unit is one number that enters a rectifier.
class ActivationCodes {
 public:
  explicit ActivationCodes(int samples);  // samples >= 1

  // Appends the units of one rectifier: [samples][units] numbers before it, of which those > 0 set
  // their bit.
  void Append(std::span<const double> inputs);
  // The same of bits, laid out as codes are: [samples][words], unit u of a sample in bit u % 64 of
  // its word u / 64, the rest 0. `finite`: whether all numbers behind them are.
  void Append(std::span<const std::uint64_t> bits, std::int64_t units, bool finite);

  int samples() const { return samples_; }
  std::int64_t units() const { return units_; }
  // Whether all numbers seen were finite; codes of others mean nothing.
  bool finite() const { return finite_; }

  bool operator==(const ActivationCodes&) const = default;

  bool At(int sample, std::int64_t unit) const;
  // Unit u is bit u % 64 of word u / 64; bits past units() are 0.
  std::span<const std::uint64_t> Code(int sample) const { return codes_[std::size_t(sample)]; }

 private:
  int samples_;
  std::int64_t units_ = 0;
  bool finite_ = true;
  std::vector<std::vector<std::uint64_t>> codes_;  // by sample
};

// The Hamming distance of two samples' codes. O(units / 64).
std::int64_t HammingDistance(const ActivationCodes& codes, int a, int b);

// Of all pairs of samples, n x n in row-major order. O(n^2 units / 64), by pieces of the codes that
// fit a cache.
std::vector<std::int64_t> HammingDistances(const ActivationCodes& codes);

}  // namespace mote
