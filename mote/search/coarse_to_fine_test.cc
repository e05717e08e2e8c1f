#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/search/fake_space.h"

namespace mote {

MOTE_STRATEGY(coarse_to_fine);

namespace {

using Options = std::map<std::string, std::string>;

std::unique_ptr<SearchStrategy> CoarseToFine(const SearchProblem& problem, const Options& options) {
  StrategyRegistry strategies("strategy");
  RegisterStrategy_coarse_to_fine(strategies);
  return strategies.Create("mote-nas-c2f", options, problem);
}

SearchProblem With(int estimators, const SearchSpace& space) {
  SearchProblem problem{space, AllFeasible, 4};
  problem.estimators = estimators;
  return problem;
}

// The truth and a normal error that is a function of architecture, estimator and replicate.
Formula Noisy(double seed_noise, double bias) {
  return [=](const Request& request) -> Outcome<double> {
    const std::uint64_t id = request.architecture.id().low;
    Rng of_estimator(Key(id, "bias", std::uint64_t(request.estimator)));
    Rng of_replicate(
        Key(id, "noise", std::uint64_t(request.estimator), std::uint64_t(request.replicate)));
    return *BitsAsNumber(request) + bias * of_estimator.Normal() +
           seed_noise * of_replicate.Normal();
  };
}

// By stage, what was asked: (architecture, estimator, replicate).
struct Asked {
  std::set<std::vector<int>> scanned, widened, replicated;
  int networks = 0;
  std::size_t generations = 0;
};

Asked RunAndCount(SearchStrategy& strategy, const Formula& formula, int trained) {
  Asked asked;
  for (;;) {
    const auto requests = strategy.Ask();
    if (requests.empty()) return asked;
    ++asked.generations;
    for (const Request& request : requests) {
      const auto& who = request.architecture.decisions();
      if (request.estimator < trained) ++asked.networks;
      if (request.estimator == 0 && request.replicate == 0) asked.scanned.insert(who);
      if (request.estimator == 1 && request.replicate == 0) asked.widened.insert(who);
      if (request.estimator == 0 && request.replicate > 0) asked.replicated.insert(who);
    }
    strategy.Tell(Evaluate(requests, formula));
  }
}

TEST(CoarseToFine, ScansOneOfEachClassAndNarrowsDown) {
  const FakeSpace space(10);
  const auto strategy = CoarseToFine(With(3, space), {{"block", "20"}, {"networks", "3000"}});
  const Asked asked = RunAndCount(*strategy, Noisy(10, 10), 3);
  EXPECT_EQ(asked.scanned.size(), 512u);  // the first bit is idle
  EXPECT_GE(asked.widened.size(), 40u);
  EXPECT_LT(asked.widened.size(), 300u);
  EXPECT_LT(asked.replicated.size(), asked.widened.size());
  EXPECT_LE(asked.networks, 3000);
  // The winner is within the noise of the mean.
  EXPECT_GT(*BitsAsNumber({strategy->Ranking()[0].architecture}), 511 - 40);
}

TEST(CoarseToFine, MoreNoiseWidensMore) {
  const FakeSpace space(10);
  const auto widened = [&](double noise) {
    const auto strategy = CoarseToFine(With(3, space), {{"block", "10"}, {"networks", "100000"}});
    return RunAndCount(*strategy, Noisy(noise, noise), 3).widened.size();
  };
  EXPECT_LT(widened(2), widened(100));
}

TEST(CoarseToFine, WithoutNoiseNothingIsScoredTwice) {
  const FakeSpace space(10);
  const auto strategy = CoarseToFine(With(3, space), {{"block", "10"}});
  const Asked asked = RunAndCount(*strategy, Noisy(0, 0), 3);
  EXPECT_EQ(asked.widened.size(), 20u);  // a first block, and one that is out of reach
  EXPECT_TRUE(asked.replicated.empty());
  EXPECT_EQ(*BitsAsNumber({strategy->Ranking()[0].architecture}), 511);
}

TEST(CoarseToFine, CountsAreNotTrainedButRankWithTheRest) {
  const FakeSpace space(8);
  const auto strategy = CoarseToFine(With(3, space), {{"structure", "2"}, {"networks", "200"}});
  // Both counts rank by the last bit alone, which outweighs what the trained one says.
  const auto formula = [](const Request& request) -> Outcome<double> {
    if (request.estimator == 0) return BitsAsNumber(request);
    return double(request.architecture.decisions().back());
  };
  const Asked asked = RunAndCount(*strategy, formula, 1);
  EXPECT_LE(asked.networks, 200);
  EXPECT_EQ(strategy->Ranking()[0].architecture.decisions().back(), 1);
}

TEST(CoarseToFine, OfCountsAloneTrainsNothing) {
  const FakeSpace space(8);
  const auto strategy = CoarseToFine(With(1, space), {{"structure", "1"}});
  const Asked asked = RunAndCount(*strategy, BitsAsNumber, 0);
  EXPECT_EQ(asked.networks, 0);
  EXPECT_EQ(*BitsAsNumber({strategy->Ranking()[0].architecture}), 127);
}

TEST(CoarseToFine, AFailedScoreIsOutOfTheRace) {
  const FakeSpace space(8);
  const auto strategy = CoarseToFine(With(2, space), {{"block", "10"}});
  const auto formula = [](const Request& request) -> Outcome<double> {
    const double value = *BitsAsNumber(request);
    if (value == 127 && request.estimator == 1) return Failure{FailureKind::kDiverged, "no"};
    return value;
  };
  RunAndCount(*strategy, formula, 2);
  EXPECT_EQ(*BitsAsNumber({strategy->Ranking()[0].architecture}), 126);
}

TEST(CoarseToFine, KeepsToItsNetworks) {
  const FakeSpace space(10);
  for (const int networks : {600, 1000, 2000}) {
    const auto strategy =
        CoarseToFine(With(4, space), {{"networks", std::to_string(networks)}, {"block", "16"}});
    EXPECT_LE(RunAndCount(*strategy, Noisy(200, 200), 4).networks, networks);
  }
}

TEST(CoarseToFine, RefusesMoreCountsThanEstimators) {
  const FakeSpace space(4);
  EXPECT_THROW(CoarseToFine(With(1, space), {{"structure", "2"}}), Error);
}

}  // namespace
}  // namespace mote
