#include "mote/base/hash.h"

#include <gtest/gtest.h>

#include <set>

#include "mote/base/error.h"

namespace mote {
namespace {

// XXH3's published 128-bit hash of the empty input with seed 0; stored results rest on it.
TEST(HashOf, IsXxh3) {
  EXPECT_EQ(HashOf("").Hex(), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(HashOf("mote").Hex(), "e813db43bb849a2e8e0625eaaf3a8406");
}

TEST(HashOf, TakesBytesAndTextsAlike) {
  const std::string text("a\0b", 3);
  EXPECT_EQ(HashOf(text), HashOf(std::as_bytes(std::span(text.data(), 3))));
  EXPECT_NE(HashOf(text), HashOf("a"));
}

TEST(HashOf, DiffersForEveryShortText) {
  std::set<Hash128> seen;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) seen.insert(HashOf(std::string{char(a), char(b)}));
  }
  EXPECT_EQ(seen.size(), 65536u);
}

TEST(Hash128, RoundTripsThroughHex) {
  const Hash128 hash{0x0123456789abcdef, 0x00000000000000ff};
  EXPECT_EQ(hash.Hex(), "0123456789abcdef00000000000000ff");
  EXPECT_EQ(Hash128::FromHex(hash.Hex()), hash);
  EXPECT_EQ(Hash128::FromHex(std::string(32, '0')), Hash128{});
}

TEST(Hash128, RefusesAnythingElse) {
  const std::string good = "0123456789abcdef00000000000000ff";
  EXPECT_THROW(Hash128::FromHex(""), Error);
  EXPECT_THROW(Hash128::FromHex(good.substr(1)), Error);
  EXPECT_THROW(Hash128::FromHex(good + "0"), Error);
  for (const std::size_t place : {0, 1, 15, 16, 31}) {
    for (const char letter : {'A', 'g', '-', '+', ' ', 'x', '\0'}) {
      std::string bad = good;
      bad[place] = letter;
      EXPECT_THROW(Hash128::FromHex(bad), Error) << bad;
    }
  }
}

TEST(Hash128, OrdersByItsDigits) {
  EXPECT_LT((Hash128{1, 9}), (Hash128{2, 0}));
  EXPECT_LT((Hash128{1, 1}), (Hash128{1, 2}));
}

}  // namespace
}  // namespace mote
