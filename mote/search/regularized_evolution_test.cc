#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(regularized_evolution);

namespace {

std::unique_ptr<SearchStrategy> Evolution(const SearchProblem& problem,
                                          const std::map<std::string, std::string>& options) {
  StrategyRegistry strategies("strategy");
  RegisterStrategy_regularized_evolution(strategies);
  return strategies.Create("regularized-evolution", options, problem);
}

TEST(RegularizedEvolution, ChildrenDifferInOneDecisionFromOneWhoLives) {
  const FakeSpace space(12);
  const auto strategy = Evolution({space, AllFeasible, 3},
                                  {{"population", "5"}, {"sample", "2"}, {"evaluations", "60"}});
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  ASSERT_EQ(generations.size(), 56u);
  ASSERT_EQ(generations[0].size(), 5u);
  // Known architectures may have been born again, so the living are among all before.
  std::vector<Architecture> before;
  for (const Request& request : generations[0]) before.push_back(request.architecture);
  for (std::size_t g = 1; g < generations.size(); ++g) {
    ASSERT_EQ(generations[g].size(), 1u);
    const Architecture& child = generations[g][0].architecture;
    EXPECT_TRUE(std::any_of(before.begin(), before.end(), [&](const Architecture& parent) {
      return Distance(parent, child) == 1;
    }));
    before.push_back(child);
  }
}

// With a population of one there is one parent: the child before, whatever it is worth.
TEST(RegularizedEvolution, TheOldestDiesEvenIfItIsTheBest) {
  const FakeSpace space(12);
  const auto strategy =
      Evolution({space, AllFeasible, 3}, {{"population", "1"}, {"evaluations", "30"}});
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  int descents = 0;
  for (std::size_t g = 1; g < generations.size(); ++g) {
    descents += *BitsAsNumber(generations[g][0]) < *BitsAsNumber(generations[g - 1][0]);
  }
  EXPECT_GT(descents, 5);
}

TEST(RegularizedEvolution, FindsBetterThanChance) {
  const FakeSpace space(16);
  const double best_possible = double((1 << 15) - 1);
  const auto strategy = Evolution({space, AllFeasible, 1}, {{"evaluations", "150"}});
  RunToEnd(*strategy, BitsAsNumber);
  // The best of 150 uniform draws is expected at 1 - 1/151.
  EXPECT_GT(strategy->Ranking()[0].utility, 0.999 * best_possible);
}

TEST(RegularizedEvolution, GoesByAccuracyIfToldTo) {
  const FakeSpace space(8);
  SearchProblem problem{space, AllFeasible, 3};
  problem.purpose = Purpose::kJudge;
  for (const auto& generation : RunToEnd(*Evolution(problem, {}), BitsAsNumber)) {
    for (const Request& request : generation) EXPECT_EQ(request.purpose, Purpose::kJudge);
  }
}

}  // namespace
}  // namespace mote
