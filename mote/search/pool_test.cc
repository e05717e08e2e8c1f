#include "mote/search/pool.h"

#include <gtest/gtest.h>

#include "mote/search/fake_space.h"

namespace mote {
namespace {

const Failure kDiverged{FailureKind::kDiverged, "loss is infinite"};

TEST(Pool, OrdersByUtilityThenProposalThenFailures) {
  const FakeSpace space;
  Pool pool;
  pool.Add(space.Parse("0001"), kDiverged);
  pool.Add(space.Parse("0010"), 1.0);
  pool.Add(space.Parse("0011"), -2.0);
  pool.Add(space.Parse("0100"), 3.0);
  pool.Add(space.Parse("0101"), 1.0);
  pool.Add(space.Parse("0110"), kDiverged);
  std::vector<std::string> texts;
  for (int place = 0; place < pool.size(); ++place) {
    texts.push_back(pool.Best(place).architecture.text());
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"0100", "0010", "0101", "0011", "0001", "0110"}));
  EXPECT_FALSE(pool.Best(5).utility.has_value());
}

TEST(Pool, RanksOnlyWhatHasAScore) {
  const FakeSpace space;
  Pool pool;
  pool.Add(space.Parse("0001"), kDiverged);
  pool.Add(space.Parse("0010"), 1.0);
  const std::vector<Ranked> ranking = pool.Ranking();
  ASSERT_EQ(ranking.size(), 1u);
  EXPECT_EQ(ranking[0].architecture.text(), "0010");
  EXPECT_EQ(ranking[0].utility, 1.0);
  EXPECT_EQ(ranking[0].replicates, 1);
  EXPECT_FALSE(ranking[0].judged.has_value());
}

TEST(Pool, RemembersFailures) {
  const FakeSpace space;
  Pool pool;
  pool.Add(space.Parse("0001"), kDiverged);
  EXPECT_TRUE(pool.Contains({0, 0, 0, 1}));
  EXPECT_FALSE(pool.Contains({1, 0, 0, 1}));
}

TEST(PoolDeathTest, TakesNothingTwiceAndNothingInfinite) {
  const FakeSpace space;
  Pool pool;
  pool.Add(space.Parse("0001"), 1.0);
  EXPECT_DEATH(pool.Add(space.Parse("0001"), 2.0), "in the pool already");
  EXPECT_DEATH(pool.Add(space.Parse("0010"), HUGE_VAL), "0010");
}

TEST(PoolDeathTest, ChecksThatAnswersFitTheRequests) {
  const FakeSpace space;
  const Request a{space.Parse("0001")}, b{space.Parse("0010")};
  CheckAnswers({{a, 1.0}, {b, 2.0}}, {a, b});
  EXPECT_DEATH(CheckAnswers({{b, 1.0}, {a, 2.0}}, {a, b}), "evaluation 0");
  EXPECT_DEATH(CheckAnswers({{a, 1.0}}, {a, b}), "told 1 of 2");
}

}  // namespace
}  // namespace mote
