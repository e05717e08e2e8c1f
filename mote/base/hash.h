// 128-bit content hashes (XXH3), the same on every machine and in every run.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace mote {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const Hash128&) const = default;

  // 32 lower-case hexadecimal digits.
  std::string Hex() const;
  // The inverse of Hex(); throws Error(kInvalidArgument) on anything else.
  static Hash128 FromHex(std::string_view text);
};

Hash128 HashOf(std::span<const std::byte> bytes);
Hash128 HashOf(std::string_view text);

}  // namespace mote

template <>
struct std::hash<mote::Hash128> {
  std::size_t operator()(const mote::Hash128& value) const noexcept { return value.low; }
};
