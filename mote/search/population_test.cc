#include "mote/search/population.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "mote/base/error.h"
#include "mote/search/fake_space.h"

namespace mote {
namespace {

bool EndsInOne(const Architecture& architecture) { return architecture.text().back() == '1'; }

TEST(Population, HoldsTheFeasibleInLexicographicOrder) {
  const FakeSpace space(3);
  const Population population(space, EndsInOne);
  EXPECT_EQ(population.size(), 4);
  EXPECT_EQ(population.At(0), (std::vector<int>{0, 0, 1}));
  EXPECT_EQ(population.At(2), (std::vector<int>{1, 0, 1}));
}

TEST(Population, DrawsAllWhenAskedForMore) {
  const FakeSpace space;
  const Population population(space, EndsInOne);
  Rng rng(Key(1, "propose"));
  const auto drawn = population.Draw(100, rng);
  EXPECT_EQ(drawn.size(), 8u);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), 8u);
}

TEST(Population, DrawsEachEquallyOften) {
  const FakeSpace space;
  const Population population(space, EndsInOne);
  std::array<int, 16> counts{};
  for (int i = 0; i < 8000; ++i) {
    Rng rng(Key(1, "propose", i));
    for (const auto& decisions : population.Draw(2, rng)) {
      ++counts[space.IndexOf(space.Make(decisions))];
    }
  }
  for (int index = 0; index < 16; ++index) {
    // Expected 2000 with a standard deviation of 39.
    EXPECT_NEAR(counts[index], index % 2 ? 2000 : 0, index % 2 ? 160 : 0) << index;
  }
}

TEST(Population, BeginsALongerDrawWithTheShorterOne) {
  for (const int bits : {6, 24}) {
    const FakeSpace space(bits);
    const Population population(space, EndsInOne);
    Rng rng_short(Key(3, "propose")), rng_long(Key(3, "propose"));
    const auto few = population.Draw(5, rng_short);
    auto many = population.Draw(20, rng_long);
    many.resize(5);
    EXPECT_EQ(few, many);
  }
}

TEST(Population, DrawsFromASpaceTooLargeToList) {
  const FakeSpace space(80);
  const Population population(space, EndsInOne);
  EXPECT_FALSE(population.size().has_value());
  Rng rng(Key(1, "propose"));
  const auto drawn = population.Draw(300, rng);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), 300u);
  for (const auto& decisions : drawn) EXPECT_EQ(decisions.back(), 1);
}

TEST(Population, EndsADrawWhenALargeSpaceHasTooFew) {
  const FakeSpace space(21);
  // 256 of 2 M: the last few of them are not found in 100,000 tries.
  const Population population(space, [](const Architecture& architecture) {
    const auto& bits = architecture.decisions();
    return std::all_of(bits.begin() + 8, bits.end(), [](int bit) { return bit == 0; });
  });
  Rng rng(Key(1, "propose"));
  const auto drawn = population.Draw(1000, rng);
  EXPECT_GT(drawn.size(), 100u);
  EXPECT_LE(drawn.size(), 256u);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), drawn.size());
}

TEST(Population, RefusesToBeEmpty) {
  for (const int bits : {4, 22}) {
    const FakeSpace space(bits);
    try {
      Population(space, [](const Architecture&) { return false; });
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find("fake"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace mote
