#include "mote/space/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "mote/base/error.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

// Chi-square of observed counts against equal expectation.
double ChiSquare(const std::map<std::string, int>& counts, int categories, int draws) {
  const double expected = double(draws) / categories;
  double sum = expected * (categories - int(counts.size()));  // categories never seen
  for (const auto& [text, count] : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

TEST(SampleUniform, IsUniformOverTheWholeSpace) {
  const FakeSpace space({2, 3, 1, 4});
  Rng rng(Key(1, "uniform"));
  std::map<std::string, int> counts;
  for (int i = 0; i < 24000; ++i) ++counts[SampleUniform(space, rng).text()];
  EXPECT_EQ(counts.size(), 24u);
  // 23 degrees of freedom: 99.9 % of uniform samples stay below 49.7, 0.1 % below 7.5.
  const double chi_square = ChiSquare(counts, 24, 24000);
  EXPECT_LT(chi_square, 49.7);
  EXPECT_GT(chi_square, 7.5);
}

TEST(SampleUniform, DependsOnTheKeyAlone) {
  const auto space = MakeNasBench201();
  Rng first(Key(1, "same"));
  Rng second(Key(1, "same"));
  Rng third(Key(2, "same"));
  int differs = 0;
  for (int i = 0; i < 20; ++i) {
    const Architecture architecture = SampleUniform(*space, first);
    EXPECT_EQ(architecture, SampleUniform(*space, second));
    differs += int(architecture != SampleUniform(*space, third));
  }
  EXPECT_GT(differs, 15);
}

TEST(SampleFeasible, IsUniformOverTheFeasiblePart) {
  const FakeSpace space({3, 4});
  const Feasible even = [](const Architecture& a) {
    return (a.decisions()[0] + a.decisions()[1]) % 2 == 0;
  };
  Rng rng(Key(2, "feasible"));
  std::map<std::string, int> counts;
  for (int i = 0; i < 6000; ++i) {
    const auto drawn = SampleFeasible(space, even, rng);
    ASSERT_TRUE(drawn && even(*drawn));
    ++counts[drawn->text()];
  }
  EXPECT_EQ(counts.size(), 6u);
  EXPECT_LT(ChiSquare(counts, 6, 6000), 20.5);  // 5 degrees of freedom, 99.9 %
}

TEST(SampleFeasible, GivesUpAfterTheAllowedTries) {
  const FakeSpace space({3, 4});
  int asked = 0;
  const Feasible never = [&](const Architecture&) {
    ++asked;
    return false;
  };
  Rng rng(Key(3, "never"));
  EXPECT_FALSE(SampleFeasible(space, never, rng, 50));
  EXPECT_EQ(asked, 50);
  EXPECT_FALSE(SampleFeasible(space, {}, rng, 0));
  EXPECT_TRUE(SampleFeasible(space, {}, rng, 1));
}

TEST(Mutate, ChangesExactlySoManyDecisions) {
  const auto space = MakeNasBench201();
  Rng rng(Key(4, "mutate"));
  for (int changes = 1; changes <= 6; ++changes) {
    for (int i = 0; i < 200; ++i) {
      const Architecture parent = SampleUniform(*space, rng);
      const auto mutant = Mutate(*space, parent, changes, {}, rng);
      ASSERT_TRUE(mutant);
      EXPECT_EQ(Distance(parent, *mutant), changes);
    }
  }
}

TEST(Mutate, IsUniformOverTheNeighbours) {
  const auto space = MakeNasBench201();
  const Architecture parent = space->Parse("031420");
  Rng rng(Key(5, "mutate"));
  std::map<std::string, int> counts;
  for (int i = 0; i < 24000; ++i) ++counts[Mutate(*space, parent, 1, {}, rng)->text()];
  EXPECT_EQ(counts.size(), 24u);
  EXPECT_LT(ChiSquare(counts, 24, 24000), 49.7);
}

TEST(Mutate, LeavesDecisionsWithoutAlternativeAlone) {
  const FakeSpace space({1, 2, 1, 2});
  Rng rng(Key(6, "mutate"));
  const Architecture parent = space.Make({0, 1, 0, 0});
  EXPECT_EQ(Mutate(space, parent, 2, {}, rng)->decisions(), (std::vector<int>{0, 0, 0, 1}));
}

TEST(Mutate, IsBoundedAndFeasible) {
  const auto space = MakeNasBench201();
  const Architecture parent = space->Parse("000000");
  Rng rng(Key(7, "mutate"));
  // One change of the empty cell connects it only on edge 3<-0.
  const Feasible connected = [&](const Architecture& a) { return space->IsConnected(a); };
  for (int i = 0; i < 50; ++i) {
    EXPECT_NE(Mutate(*space, parent, 1, connected, rng)->decisions()[3], 0);
  }
  int asked = 0;
  const Feasible never = [&](const Architecture&) {
    ++asked;
    return false;
  };
  EXPECT_FALSE(Mutate(*space, parent, 1, never, rng, 30));
  EXPECT_EQ(asked, 30);
}

TEST(Mutate, RefusesMoreChangesThanThereAreDecisions) {
  const FakeSpace space({1, 2, 3});
  Rng rng(Key(8, "mutate"));
  for (int changes : {-1, 0, 3}) {
    try {
      (void)Mutate(space, space.At(0), changes, {}, rng);
      FAIL() << changes;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_THAT(error.what(), HasSubstr("use 1 to 2"));
    }
  }
}

TEST(Neighbours, AreAllWithinTheRadiusInLexicographicOrder) {
  const auto space = MakeNasBench201();
  const Architecture centre = space->Parse("314204");
  EXPECT_TRUE(Neighbours(*space, centre, 0, {}).empty());
  const std::size_t counts[] = {0, 24, 264};  // 6*4, and 15*16 more
  for (int radius : {1, 2}) {
    const std::vector<Architecture> found = Neighbours(*space, centre, radius, {});
    EXPECT_EQ(found.size(), counts[radius]);
    std::vector<Architecture> expected;
    for (std::int64_t i = 0; i < space->size(); ++i) {
      const Architecture other = space->At(i);
      const int distance = Distance(centre, other);
      if (distance >= 1 && distance <= radius) expected.push_back(other);
    }
    EXPECT_EQ(found, expected);
  }
  EXPECT_EQ(Neighbours(*space, centre, 6, {}).size(), 15624u);
  EXPECT_EQ(Neighbours(*space, centre, 99, {}).size(), 15624u);
}

TEST(Neighbours, AreFeasible) {
  const auto space = MakeNasBench201();
  const Feasible connected = [&](const Architecture& a) { return space->IsConnected(a); };
  EXPECT_EQ(Neighbours(*space, space->Parse("000000"), 1, connected).size(), 4u);
}

TEST(Crossover, TakesEveryDecisionFromOneOfTheParents) {
  const auto space = MakeNasBench201();
  const Architecture mother = space->Parse("000123");
  const Architecture father = space->Parse("111143");
  Rng rng(Key(9, "crossover"));
  std::map<std::string, int> counts;
  for (int i = 0; i < 16000; ++i) {
    const Architecture child = Crossover(*space, mother, father, rng);
    for (int d = 0; d < 6; ++d) {
      EXPECT_TRUE(child.decisions()[d] == mother.decisions()[d] ||
                  child.decisions()[d] == father.decisions()[d]);
    }
    ++counts[child.text()];
  }
  // They differ in four decisions.
  EXPECT_EQ(counts.size(), 16u);
  EXPECT_LT(ChiSquare(counts, 16, 16000), 37.7);  // 15 degrees of freedom, 99.9 %
}

TEST(Distance, CountsDifferentDecisions) {
  const auto space = MakeNasBench201();
  EXPECT_EQ(Distance(space->Parse("012340"), space->Parse("012340")), 0);
  EXPECT_EQ(Distance(space->Parse("012340"), space->Parse("112341")), 2);
  EXPECT_EQ(Distance(space->Parse("000000"), space->Parse("444444")), 6);
}

}  // namespace
}  // namespace mote
