#include "mote/base/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace mote {
namespace {

using ::testing::ElementsAre;

// Known answers of the generator's authors (Random123, kat_vectors).
TEST(Philox4x32, GivesTheAuthorsKnownAnswers) {
  EXPECT_THAT(Philox4x32({0, 0, 0, 0}, {0, 0}),
              ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_THAT(Philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(
      Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(Key, SeparatesItsParts) {
  const Key keys[] = {Key(1),
                      Key(1, ""),
                      Key(1, "ab"),
                      Key(1, "ab", "c"),
                      Key(1, "a", "bc"),
                      Key(1, "abc"),
                      Key(1, "a", "b", "c"),
                      Key(2, "ab"),
                      Key(11),
                      Key(1, 1),
                      Key(1, "1"),
                      Key(1, 1, 2),
                      Key(1, 12),
                      Key(1, "#2"),
                      Key(1, "ab/1:c"),
                      Key(1, 2, 1),
                      Key(1, "1:a"),
                      Key(1, "/0:")};
  std::set<Hash128> hashes;
  for (const Key& key : keys) hashes.insert(key.hash());
  EXPECT_EQ(hashes.size(), std::size(keys));
}

TEST(Key, TakesTextsAndNumbersOfAnyType) {
  EXPECT_EQ(Key(1, "ab").hash(), Key(1, std::string("ab")).hash());
  EXPECT_EQ(Key(1, 7).hash(), Key(1, std::uint64_t(7)).hash());
}

TEST(Rng, RepeatsForEqualKeysAndDiffersForOthers) {
  Rng a(Key(1, "weights")), again(Key(1, "weights")), other(Key(1, "order")),
      seeded(Key(2, "weights"));
  int equal_to_other = 0, equal_to_seeded = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t bits = a.Bits32();
    EXPECT_EQ(bits, again.Bits32());
    equal_to_other += bits == other.Bits32();
    equal_to_seeded += bits == seeded.Bits32();
  }
  EXPECT_LE(equal_to_other, 1);
  EXPECT_LE(equal_to_seeded, 1);
}

// Fixes the whole way from key to numbers: a change of it would change every stored result.
TEST(Rng, GivesTheSameNumbersForever) {
  const Hash128 hash = Key(42, "stream").hash();
  const auto expected = Philox4x32({0, 0, std::uint32_t(hash.high), std::uint32_t(hash.high >> 32)},
                                   {std::uint32_t(hash.low), std::uint32_t(hash.low >> 32)});
  Rng rng(Key(42, "stream"));
  for (const std::uint32_t bits : expected) EXPECT_EQ(rng.Bits32(), bits);
  EXPECT_EQ(hash.Hex(), "9e03c5a2d0132eef622a2b098c47c4e4");
}

TEST(Rng, UniformHasTheMomentsOfTheUniformDistribution) {
  Rng rng(Key(1, "uniform"));
  constexpr int kCount = 200'000;
  double sum = 0, squares = 0, lowest = 1, highest = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = rng.Uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    squares += u * u;
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
  }
  // Five standard errors: sqrt(1/12/n) and sqrt(4/45/n).
  EXPECT_NEAR(sum / kCount, 0.5, 5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kCount));
  EXPECT_LT(lowest, 1e-3);
  EXPECT_GT(highest, 1 - 1e-3);
}

TEST(Rng, NormalHasTheMomentsOfTheNormalDistribution) {
  Rng rng(Key(1, "normal"));
  constexpr int kCount = 200'000;
  double moments[5] = {};
  for (int i = 0; i < kCount; ++i) {
    const double x = rng.Normal();
    ASSERT_TRUE(std::isfinite(x));
    for (int power = 1; power <= 4; ++power) moments[power] += std::pow(x, power) / kCount;
  }
  // Five standard errors; the variances of x^k are 1, 2, 15 and 96.
  const double error = 5 / std::sqrt(double(kCount));
  EXPECT_NEAR(moments[1], 0, error);
  EXPECT_NEAR(moments[2], 1, error * std::sqrt(2));
  EXPECT_NEAR(moments[3], 0, error * std::sqrt(15));
  EXPECT_NEAR(moments[4], 3, error * std::sqrt(96));
}

TEST(Rng, NormalsAreNotCorrelatedWithTheirSuccessors) {
  Rng rng(Key(2, "normal"));
  constexpr int kCount = 100'000;
  double product = 0, previous = rng.Normal();
  for (int i = 0; i < kCount; ++i) {
    const double next = rng.Normal();
    product += previous * next / kCount;
    previous = next;
  }
  EXPECT_NEAR(product, 0, 5 / std::sqrt(double(kCount)));
}

TEST(Rng, BelowIsUniform) {
  Rng rng(Key(1, "below"));
  for (const int bound : {2, 3, 5, 7, 10}) {
    constexpr int kCount = 70'000;
    std::vector<int> hits(bound);
    for (int i = 0; i < kCount; ++i) ++hits.at(rng.Below(std::uint64_t(bound)));
    const double expected = double(kCount) / bound;
    for (const int count : hits) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
  }
  EXPECT_EQ(rng.Below(1), 0u);
}

// With bound 3 * 2^62, taking the remainder of 64 bits would make the lowest third twice as likely
// as it should be against the others: 1/2 instead of 1/3.
TEST(Rng, BelowIsUnbiasedForLargeBounds) {
  Rng rng(Key(2, "below"));
  constexpr std::uint64_t kThird = std::uint64_t(1) << 62;
  constexpr int kCount = 30'000;
  int hits[3] = {};
  for (int i = 0; i < kCount; ++i) {
    const std::uint64_t drawn = rng.Below(3 * kThird);
    ASSERT_LT(drawn, 3 * kThird);
    ++hits[drawn / kThird];
  }
  for (const int count : hits) EXPECT_NEAR(count, kCount / 3, 5 * std::sqrt(kCount / 3));
}

TEST(Rng, ShuffleGivesEveryOrderEquallyOften) {
  Rng rng(Key(1, "shuffle"));
  constexpr int kCount = 24'000;
  std::map<std::vector<int>, int> hits;
  for (int i = 0; i < kCount; ++i) {
    std::vector<int> items{0, 1, 2, 3};
    rng.Shuffle(std::span<int>(items));
    ++hits[items];
  }
  ASSERT_EQ(hits.size(), 24u);
  for (const auto& [order, count] : hits) EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000));
}

TEST(Rng, SampleTakesEachItemAtMostOnce) {
  Rng rng(Key(1, "sample"));
  std::vector<int> hits(10);
  constexpr int kCount = 20'000;
  for (int i = 0; i < kCount; ++i) {
    const std::vector<int> sample = rng.Sample(10, 3);
    ASSERT_EQ(std::set<int>(sample.begin(), sample.end()).size(), 3u);
    for (const int item : sample) ++hits.at(std::size_t(item));
  }
  for (const int count : hits) EXPECT_NEAR(count, 0.3 * kCount, 5 * std::sqrt(0.3 * kCount));
  EXPECT_TRUE(rng.Sample(10, 0).empty());
  std::vector<int> all = rng.Sample(5, 5);
  std::ranges::sort(all);
  EXPECT_THAT(all, ElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace mote
