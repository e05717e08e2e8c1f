#include <gtest/gtest.h>

#include <algorithm>

#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(local_search);

namespace {

std::unique_ptr<SearchStrategy> Climb(const SearchProblem& problem, int evaluations) {
  StrategyRegistry strategies("strategy");
  RegisterStrategy_local_search(strategies);
  return strategies.Create("local-search", {{"evaluations", std::to_string(evaluations)}}, problem);
}

TEST(LocalSearch, ReachesTheOptimumWhereEveryStepLeadsThere) {
  const FakeSpace space(10);
  const auto strategy = Climb({space, AllFeasible, 7}, 200);
  RunToEnd(*strategy, BitsAsNumber);
  EXPECT_EQ(strategy->Ranking()[0].utility, double((1 << 9) - 1));
}

TEST(LocalSearch, EvaluatesTheNeighboursOfThePlaceAndThenOfTheBestOfThem) {
  const FakeSpace space(6);
  const auto generations = RunToEnd(*Climb({space, AllFeasible, 7}, 40), BitsAsNumber);
  ASSERT_GE(generations.size(), 3u);
  ASSERT_EQ(generations[0].size(), 1u);
  const Architecture place = generations[0][0].architecture;
  Architecture next = place;
  ASSERT_EQ(generations[1].size(), 6u);
  for (const Request& request : generations[1]) {
    EXPECT_EQ(Distance(place, request.architecture), 1);
    if (*BitsAsNumber(request) > *BitsAsNumber({next})) next = request.architecture;
  }
  ASSERT_NE(next, place);
  for (const Request& request : generations[2]) {
    EXPECT_EQ(Distance(next, request.architecture), 1);
  }
}

TEST(LocalSearch, BeginsAnewWhereNothingIsBetter) {
  const FakeSpace space(8);
  // Flat: every architecture is a local optimum.
  const auto generations =
      RunToEnd(*Climb({space, AllFeasible, 7}, 60), [](const Request&) { return 1.0; });
  const auto beginnings =
      std::count_if(generations.begin(), generations.end(),
                    [](const auto& generation) { return generation.size() == 1; });
  EXPECT_GE(beginnings, 5);
}

TEST(LocalSearch, AFailedNeighbourIsNoStep) {
  const FakeSpace space(8);
  const auto strategy = Climb({space, AllFeasible, 7}, 100);
  RunToEnd(*strategy, [](const Request& request) -> Outcome<double> {
    if (request.architecture.decisions()[1] == 1) return Failure{FailureKind::kDiverged, "no"};
    return BitsAsNumber(request);
  });
  EXPECT_EQ(strategy->Ranking()[0].utility, double((1 << 6) - 1));
}

}  // namespace
}  // namespace mote
