#include "mote/base/hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "mote/base/error.h"

namespace mote {

std::string Hash128::Hex() const { return fmt::format("{:016x}{:016x}", high, low); }

Hash128 Hash128::FromHex(std::string_view text) {
  Hash128 hash;
  if (text.size() == 32) {
    const char* begin = text.data();
    auto first = std::from_chars(begin, begin + 16, hash.high, 16);
    auto second = std::from_chars(begin + 16, begin + 32, hash.low, 16);
    if (first.ptr == begin + 16 && second.ptr == begin + 32 && hash.Hex() == text) return hash;
  }
  Throw(ErrorCode::kInvalidArgument, "'{}' is not a hash of 32 hexadecimal digits", text);
}

Hash128 HashOf(std::span<const std::byte> bytes) {
  XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

Hash128 HashOf(std::string_view text) {
  return HashOf(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace mote
