#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(successive_halving);

namespace {

std::unique_ptr<SearchStrategy> Halving(const SearchProblem& problem, int samples) {
  StrategyRegistry strategies("strategy");
  RegisterStrategy_successive_halving(strategies);
  return strategies.Create("successive-halving",
                           {{"samples", std::to_string(samples)}, {"eta", "3"}}, problem);
}

SearchProblem ThreeRungs(const SearchSpace& space) {
  SearchProblem problem{space, AllFeasible, 4};
  problem.estimators = 3;
  return problem;
}

TEST(SuccessiveHalving, AThirdOfEachRungGoesOn) {
  const FakeSpace space(10);
  const auto strategy = Halving(ThreeRungs(space), 100);
  EXPECT_EQ(strategy->ExpectedRequests(), 100 + 34 + 12);
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  ASSERT_EQ(generations.size(), 3u);
  for (int rung = 0; rung < 3; ++rung) {
    ASSERT_EQ(int(generations[rung].size()), (std::vector{100, 34, 12}[rung]));
    for (const Request& request : generations[rung]) EXPECT_EQ(request.estimator, rung);
  }
  // The survivors are the best of the rung before.
  double worst_survivor = 1e9;
  for (const Request& request : generations[1]) {
    worst_survivor = std::min(worst_survivor, *BitsAsNumber(request));
  }
  int better = 0;
  for (const Request& request : generations[0]) better += *BitsAsNumber(request) > worst_survivor;
  EXPECT_LE(better, 33);
}

TEST(SuccessiveHalving, RanksByTheLastRungFirst) {
  const FakeSpace space(10);
  const auto strategy = Halving(ThreeRungs(space), 90);
  // The last rung turns the order round.
  const auto generations = RunToEnd(*strategy, [](const Request& request) -> Outcome<double> {
    const double value = *BitsAsNumber(request);
    return request.estimator == 2 ? -value : value;
  });
  const std::vector<Ranked> ranking = strategy->Ranking();
  ASSERT_EQ(ranking.size(), 90u);
  std::set<std::vector<int>> last;
  double least = 1e9;
  for (const Request& request : generations[2]) {
    last.insert(request.architecture.decisions());
    least = std::min(least, *BitsAsNumber(request));
  }
  EXPECT_EQ(ranking[0].utility, -least);
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    EXPECT_EQ(last.contains(ranking[i].architecture.decisions()), i < last.size());
  }
}

TEST(SuccessiveHalving, WhoFailsOnALaterRungKeepsItsEarlierPlace) {
  const FakeSpace space(10);
  const auto strategy = Halving(ThreeRungs(space), 30);
  const auto generations = RunToEnd(*strategy, [](const Request& request) -> Outcome<double> {
    if (request.estimator == 1) return Failure{FailureKind::kDiverged, "always"};
    return BitsAsNumber(request);
  });
  EXPECT_EQ(generations.size(), 2u);
  EXPECT_EQ(strategy->Ranking().size(), 30u);
}

}  // namespace
}  // namespace mote
