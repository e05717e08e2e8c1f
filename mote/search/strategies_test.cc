// What holds for every strategy.

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "mote/base/error.h"
#include "mote/search/fake_space.h"
#include "mote/search/population.h"
#include "mote/space/search_space.h"

namespace mote {

MOTE_STRATEGY(mote_nas);
MOTE_STRATEGY(random);
MOTE_STRATEGY(exhaustive);
MOTE_STRATEGY(regularized_evolution);
MOTE_STRATEGY(local_search);
MOTE_STRATEGY(successive_halving);
MOTE_STRATEGY(coarse_to_fine);
MOTE_SPACE(nasbench201);

namespace {

const StrategyRegistry& Strategies() {
  static const StrategyRegistry strategies = [] {
    StrategyRegistry registry("strategy");
    RegisterStrategy_mote_nas(registry);
    RegisterStrategy_random(registry);
    RegisterStrategy_exhaustive(registry);
    RegisterStrategy_regularized_evolution(registry);
    RegisterStrategy_local_search(registry);
    RegisterStrategy_successive_halving(registry);
    RegisterStrategy_coarse_to_fine(registry);
    return registry;
  }();
  return strategies;
}

std::unique_ptr<SearchSpace> NasBench201() {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  return spaces.Create("nasbench201", {});
}

// A utility without structure, that fails every seventh time.
Outcome<double> Erratic(const Request& request) {
  const std::uint64_t hash = request.architecture.id().low;
  if (hash % 7 == 0) return Failure{FailureKind::kDiverged, "every seventh"};
  return double(hash % 1000);
}

class EveryStrategy : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<SearchStrategy> Make(const SearchProblem& problem) {
    return Strategies().Create(GetParam(), {}, problem);
  }
};

TEST_P(EveryStrategy, ProposesOnlyFeasibleArchitecturesAndNothingTwice) {
  const std::unique_ptr<SearchSpace> space = NasBench201();
  const Feasible feasible = [&](const Architecture& architecture) {
    return space->IsConnected(architecture) && architecture.decisions()[2] != 0;
  };
  const auto strategy = Make({*space, feasible, 5});
  std::set<std::tuple<std::vector<int>, int, int>> seen;
  for (const auto& generation : RunToEnd(*strategy, Erratic)) {
    for (const Request& request : generation) {
      EXPECT_TRUE(feasible(request.architecture)) << request.architecture.text();
      EXPECT_EQ(request.purpose, Purpose::kScore);
      EXPECT_TRUE(
          seen.emplace(request.architecture.decisions(), request.replicate, request.estimator)
              .second);
    }
  }
  EXPECT_GE(seen.size(), 50u);
}

TEST_P(EveryStrategy, ReplaysFromEqualKeyAndTells) {
  const std::unique_ptr<SearchSpace> space = NasBench201();
  const auto run = [&](std::uint64_t seed) {
    return RunToEnd(*Make({*space, AllFeasible, seed}), Erratic);
  };
  EXPECT_EQ(run(5), run(5));
  // These two take all there is in the order of the space.
  if (GetParam() != "exhaustive" && GetParam() != "mote-nas-c2f") {
    EXPECT_NE(run(5), run(6));
  }
}

TEST_P(EveryStrategy, DoesTheSameWithASharedPopulation) {
  const FakeSpace space(7);
  const auto population = std::make_shared<Population>(space, AllFeasible);
  EXPECT_EQ(RunToEnd(*Make({space, AllFeasible, 5}), Erratic),
            RunToEnd(*Make({space, AllFeasible, 5, population}), Erratic));
}

TEST_P(EveryStrategy, EndsOnASpaceSmallerThanItsBudget) {
  const FakeSpace space;
  const auto strategy = Make({space, AllFeasible, 5});
  if (GetParam() != "mote-nas-c2f") {  // asks again with other seeds
    EXPECT_LE(strategy->ExpectedRequests(), 16);
  }
  std::size_t asked = 0;
  for (const auto& generation : RunToEnd(*strategy, Erratic)) asked += generation.size();
  EXPECT_LE(asked, 16u);  // no replicates are wanted where they do not differ
  EXPECT_TRUE(strategy->Ask().empty());
}

TEST_P(EveryStrategy, EndsWhenEverythingFails) {
  const FakeSpace space;
  const auto strategy = Make({space, AllFeasible, 5});
  RunToEnd(*strategy, [](const Request&) { return Failure{FailureKind::kDiverged, "always"}; });
  EXPECT_TRUE(strategy->Ranking().empty());
}

TEST_P(EveryStrategy, RanksEachScoredArchitectureBestFirst) {
  const FakeSpace space(7);
  const auto strategy = Make({space, AllFeasible, 5});
  std::set<std::vector<int>> scored;
  for (const auto& generation : RunToEnd(*strategy, Erratic)) {
    for (const Request& request : generation) {
      if (Erratic(request).ok()) scored.insert(request.architecture.decisions());
    }
  }
  const std::vector<Ranked> ranking = strategy->Ranking();
  ASSERT_EQ(ranking.size(), scored.size());
  for (std::size_t i = 1; i < ranking.size(); ++i) {
    EXPECT_GE(ranking[i - 1].utility, ranking[i].utility);
  }
}

TEST_P(EveryStrategy, KnowsItsGenerationsAndRequestsAtTheEnd) {
  const FakeSpace space(7);
  const auto strategy = Make({space, AllFeasible, 5});
  const auto generations = RunToEnd(*strategy, Erratic);
  std::size_t asked = 0;
  for (const auto& generation : generations) asked += generation.size();
  EXPECT_EQ(strategy->ExpectedGenerations(), int(generations.size()));
  EXPECT_EQ(strategy->ExpectedRequests(), int(asked));
}

TEST_P(EveryStrategy, RefusesAProblemWithoutSolution) {
  const FakeSpace space;
  EXPECT_THROW(Make({space, [](const Architecture&) { return false; }, 5}), Error);
}

using EveryStrategyDeathTest = EveryStrategy;

TEST_P(EveryStrategyDeathTest, WantsItsAnswersInOrderAndBeforeTheNextAsk) {
  const FakeSpace space;
  const auto strategy = Make({space, AllFeasible, 5});
  std::vector<Evaluation> evaluations = Evaluate(strategy->Ask(), Erratic);
  while (evaluations.size() < 2) {  // too few to be out of order
    strategy->Tell(evaluations);
    evaluations = Evaluate(strategy->Ask(), Erratic);
  }
  EXPECT_DEATH(strategy->Ask(), "have not been told");
  std::swap(evaluations[0], evaluations[1]);
  EXPECT_DEATH(strategy->Tell(evaluations), "evaluation 0");
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Search, EveryStrategy, testing::ValuesIn(Strategies().Names()), TestName);
INSTANTIATE_TEST_SUITE_P(Search, EveryStrategyDeathTest, testing::ValuesIn(Strategies().Names()),
                         TestName);

}  // namespace
}  // namespace mote
