#include <gtest/gtest.h>

#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(random);
MOTE_STRATEGY(exhaustive);

namespace {

std::unique_ptr<SearchStrategy> MakeRandom(const std::string& samples,
                                           const SearchProblem& problem) {
  StrategyRegistry registry("strategy");
  RegisterStrategy_random(registry);
  return registry.Create("random", {{"samples", samples}}, problem);
}

TEST(RandomSearch, ScoresItsSamplesInGenerationsOfTwenty) {
  const FakeSpace space(7);
  const auto strategy = MakeRandom("50", {space, AllFeasible, 1});
  EXPECT_EQ(strategy->ExpectedGenerations(), 3);
  EXPECT_EQ(strategy->ExpectedRequests(), 50);
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  ASSERT_EQ(generations.size(), 3u);
  EXPECT_EQ(generations[0].size(), 20u);
  EXPECT_EQ(generations[1].size(), 20u);
  EXPECT_EQ(generations[2].size(), 10u);
}

TEST(RandomSearch, BeginsALongerSearchWithTheShorterOne) {
  const FakeSpace space(7);
  const auto brief = RunToEnd(*MakeRandom("20", {space, AllFeasible, 1}), BitsAsNumber);
  const auto full = RunToEnd(*MakeRandom("100", {space, AllFeasible, 1}), BitsAsNumber);
  EXPECT_EQ(brief[0], full[0]);
}

TEST(RandomSearch, WorksInASpaceTooLargeToList) {
  const FakeSpace space(80);
  const auto strategy = MakeRandom("30", {space, AllFeasible, 1});
  EXPECT_EQ(RunToEnd(*strategy, BitsAsNumber).size(), 2u);
}

TEST(ExhaustiveSearch, ScoresAllInGenerationsOfAHundred) {
  const FakeSpace space(8);
  StrategyRegistry registry("strategy");
  RegisterStrategy_exhaustive(registry);
  const Feasible feasible = [&](const Architecture& a) { return space.IsConnected(a); };
  const auto strategy = registry.Create("exhaustive", {}, {space, feasible, 1});
  EXPECT_EQ(strategy->ExpectedGenerations(), 3);
  EXPECT_EQ(strategy->ExpectedRequests(), 255);
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  ASSERT_EQ(generations.size(), 3u);
  EXPECT_EQ(generations[0].size(), 100u);
  EXPECT_EQ(generations[2].size(), 55u);
  EXPECT_EQ(generations[0][0].architecture.text(), "00000001");
  EXPECT_EQ(strategy->Ranking()[0].architecture.text(), "01111111");
}

TEST(ExhaustiveSearch, RefusesASpaceTooLargeToList) {
  const FakeSpace space(30);
  StrategyRegistry registry("strategy");
  RegisterStrategy_exhaustive(registry);
  EXPECT_THROW(registry.Create("exhaustive", {}, {space, AllFeasible, 1}), Error);
}

}  // namespace
}  // namespace mote
