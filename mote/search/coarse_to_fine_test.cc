#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
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
  std::set<std::vector<int>> scanned, widened, replicated, failed;
  std::set<std::string> stages;
  std::vector<int> rounds;  // replicates asked for, of each generation that asks for some
  int networks = 0;
  std::size_t generations = 0;
};

Asked RunAndCount(SearchStrategy& strategy, const Formula& formula, int trained) {
  Asked asked;
  for (;;) {
    const auto requests = strategy.Ask();
    if (requests.empty()) return asked;
    ++asked.generations;
    asked.stages.insert(strategy.stage());
    std::set<int> replicates;
    const auto failed_before = asked.failed;
    for (const Request& request : requests) {
      const auto& who = request.architecture.decisions();
      EXPECT_FALSE(failed_before.contains(who));
      if (request.estimator < trained) ++asked.networks;
      if (request.estimator == 0 && request.replicate == 0) asked.scanned.insert(who);
      if (request.estimator == 1 && request.replicate == 0) asked.widened.insert(who);
      if (request.estimator == 0 && request.replicate > 0) asked.replicated.insert(who);
      if (request.replicate > 0) replicates.insert(request.replicate);
      if (!formula(request).ok()) asked.failed.insert(who);
    }
    if (!replicates.empty()) asked.rounds.push_back(int(replicates.size()));
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

// Who was scored at least so often.
int ScoredAtLeast(const SearchStrategy& strategy, int times) {
  int count = 0;
  for (const Ranked& ranked : strategy.Ranking()) count += ranked.replicates >= times;
  return count;
}

// A ranking that never rises, of those alone who have not failed.
void ExpectInOrder(const SearchStrategy& strategy, const Asked& asked) {
  const auto ranking = strategy.Ranking();
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    EXPECT_FALSE(asked.failed.contains(ranking[i].architecture.decisions()));
    EXPECT_LE(ranking[i].utility, ranking[i == 0 ? 0 : i - 1].utility);
  }
}

TEST(CoarseToFine, DecidesUntilTheBestIsSureOrTheNetworksAreTrained) {
  const FakeSpace space(10);
  const auto formula = Noisy(5, 20);
  const auto strategy_for = [&](int networks) {
    return CoarseToFine(
        With(2, space),
        {{"decide", "true"}, {"errors", "4"}, {"networks", std::to_string(networks)}});
  };
  const auto sure = strategy_for(1'000'000);
  const Asked all = RunAndCount(*sure, formula, 2);
  EXPECT_TRUE(all.stages.contains("deciding"));
  EXPECT_LT(all.networks, 100'000);
  const auto ranking = sure->Ranking();
  EXPECT_EQ(ScoredAtLeast(*sure, ranking[0].replicates), 2);  // the last to be told apart
  // The best of all who were decided about, by the mean of both estimators' biases.
  const auto expected = [mean = Noisy(0, 20)](const Ranked& ranked) {
    return *mean({ranked.architecture, Purpose::kScore, 0, 0}) +
           *mean({ranked.architecture, Purpose::kScore, 0, 1});
  };
  for (const Ranked& other : ranking) {
    if (other.replicates == 1) continue;
    EXPECT_LE(expected(other), expected(ranking[0]));
  }

  const int networks = all.networks - 50;
  const auto unsure = strategy_for(networks);
  const Asked some = RunAndCount(*unsure, formula, 2);
  EXPECT_TRUE(some.stages.contains("deciding"));
  EXPECT_LE(some.networks, networks);
  const int still_in = ScoredAtLeast(*unsure, unsure->Ranking()[0].replicates);
  EXPECT_GE(still_in, 2);
  EXPECT_LT(networks - some.networks, 2 * still_in) << "one more replicate of each was possible";
}

TEST(CoarseToFine, DecidesByWhatThereIsWhenTheNetworksAreTrained) {
  const FakeSpace space(10);
  const auto strategy =
      CoarseToFine(With(2, space), {{"decide", "true"}, {"block", "10"}, {"networks", "800"}});
  RunAndCount(*strategy, Noisy(50, 0), 2);
  EXPECT_GT(strategy->Ranking()[0].utility, 0) << "a standard score; log-ranks are not positive";
}

TEST(CoarseToFine, NoiseOfTheRestKeepsNoneOfThemInTheDecision) {
  const FakeSpace space(10);
  const auto steady = Noisy(0.3, 0.3), unsteady = Noisy(200, 0);
  const auto formula = [&](const Request& request) {
    return *BitsAsNumber(request) >= 400 ? steady(request) : unsteady(request);
  };
  const auto strategy =
      CoarseToFine(With(3, space), {{"decide", "true"}, {"block", "100"}, {"networks", "100000"}});
  RunAndCount(*strategy, formula, 3);
  EXPECT_GE(ScoredAtLeast(*strategy, 2), 300);
  EXPECT_GE(ScoredAtLeast(*strategy, 4), 2);
  EXPECT_LE(ScoredAtLeast(*strategy, 4), 50);
}

TEST(CoarseToFine, RoundsGrowByHalf) {
  const FakeSpace space(8);
  const auto strategy = CoarseToFine(With(1, space), {{"networks", "20000"}});
  const Asked asked = RunAndCount(*strategy, Noisy(100, 0), 1);
  const std::vector<int> expected = {1, 1, 1, 2, 3, 4, 6};
  ASSERT_GT(asked.rounds.size(), expected.size());
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), asked.rounds.begin()));
}

TEST(CoarseToFine, RanksThoseFirstWhoWereInTheDecisionLongest) {
  const FakeSpace space(10);
  const auto strategy =
      CoarseToFine(With(3, space), {{"decide", "true"}, {"block", "20"}, {"networks", "30000"}});
  // Seeds that are the worse the later they come lower the means of those who stay.
  const auto formula = [noisy = Noisy(10, 10)](const Request& request) -> Outcome<double> {
    return *noisy(request) - 5 * request.replicate;
  };
  const Asked asked = RunAndCount(*strategy, formula, 3);
  ExpectInOrder(*strategy, asked);
  const auto ranking = strategy->Ranking();
  std::set<int> replicates;
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    replicates.insert(ranking[i].replicates);
    if (i > 0 && ranking[i].replicates > 3) {  // those of the stage before stand by merit
      EXPECT_LE(ranking[i].replicates, ranking[i - 1].replicates);
    }
  }
  EXPECT_GE(replicates.size(), 4u);
  EXPECT_EQ(strategy->utility_name(), "merit");
}

TEST(CoarseToFine, EqualsThatNoSeedTellsApartAreNotScoredForEver) {
  const FakeSpace space(8);
  const auto formula = [](const Request& request) -> Outcome<double> {
    return double(request.architecture.decisions().back());
  };
  for (const std::string decide : {"true", "false"}) {
    for (const int estimators : {1, 2}) {
      const auto strategy = CoarseToFine(
          With(estimators, space), {{"decide", decide}, {"block", "10"}, {"networks", "9999"}});
      EXPECT_LT(RunAndCount(*strategy, formula, estimators).networks, 1000);
    }
  }
}

// Of the best or of anyone, by any estimator, in the middle of a round, and of all who are left.
TEST(CoarseToFine, FailuresAtAnyTimeLeaveARankingOfTheRest) {
  const FakeSpace space(8);
  const auto noisy = Noisy(10, 10);
  for (const int last : {-1, 0, 1, 2, 3, 5, 8, 12, 20}) {
    for (const int estimator : {0, 1}) {
      for (const double least : {0.0, 100.0, 127.0}) {
        for (const std::string decide : {"true", "false"}) {
          const auto formula = [&](const Request& request) -> Outcome<double> {
            if (request.estimator == estimator && request.replicate > last &&
                *BitsAsNumber(request) >= least) {
              return Failure{FailureKind::kDiverged, "no"};
            }
            return noisy(request);
          };
          const auto strategy = CoarseToFine(
              With(2, space), {{"decide", decide}, {"block", "20"}, {"networks", "5000"}});
          const Asked asked = RunAndCount(*strategy, formula, 2);
          EXPECT_LE(asked.networks, 5000);
          EXPECT_EQ(strategy->Ranking().size(), 128 - asked.failed.size());
          ExpectInOrder(*strategy, asked);
        }
      }
    }
  }
}

TEST(CoarseToFine, WhatIsNotFiniteIsNeverTheBest) {
  const FakeSpace space(8);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {kInfinity, -kInfinity}) {
    const auto formula = [&, noisy = Noisy(3, 3)](const Request& request) -> Outcome<double> {
      const double number = *BitsAsNumber(request);
      if (number == 127 && request.replicate > 2) return value;
      if (number == 126 && request.estimator == 1) return value;
      return *noisy(request);
    };
    const auto strategy =
        CoarseToFine(With(2, space), {{"decide", "true"}, {"block", "20"}, {"networks", "20000"}});
    const Asked asked = RunAndCount(*strategy, formula, 2);
    EXPECT_LT(asked.networks, 19'000);
    EXPECT_LT(*BitsAsNumber({strategy->Ranking()[0].architecture}), 126);
    for (const Ranked& ranked : strategy->Ranking()) EXPECT_TRUE(std::isfinite(ranked.utility));
  }
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
    for (const char* block : {"16", "50"}) {
      for (const char* decide : {"true", "false"}) {
        const auto strategy = CoarseToFine(
            With(4, space),
            {{"networks", std::to_string(networks)}, {"block", block}, {"decide", decide}});
        EXPECT_LE(RunAndCount(*strategy, Noisy(200, 200), 4).networks, networks);
      }
    }
  }
}

TEST(CoarseToFine, RefusesMoreCountsThanEstimators) {
  const FakeSpace space(4);
  EXPECT_THROW(CoarseToFine(With(1, space), {{"structure", "2"}}), Error);
}

}  // namespace
}  // namespace mote
