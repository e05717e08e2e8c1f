#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "mote/search/fake_space.h"
#include "mote/search/population.h"

namespace mote {

MOTE_STRATEGY(mote_nas);
MOTE_SPACE(nasbench201);

namespace {

using Assignments = std::map<std::string, std::string>;

std::unique_ptr<SearchStrategy> MakeMoteNas(const Assignments& options,
                                            const SearchProblem& problem) {
  StrategyRegistry registry("strategy");
  RegisterStrategy_mote_nas(registry);
  return registry.Create("mote-nas", options, problem);
}

std::unique_ptr<SearchSpace> NasBench201() {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  return spaces.Create("nasbench201", {});
}

// Distinct utilities, most for late operations.
Outcome<double> DecisionsAsNumber(const Request& request) {
  double number = 0;
  for (const int decision : request.architecture.decisions()) number = 5 * number + decision;
  return number;
}

// The generations that the definition asks for, written down from the definition: every candidate
// of a draw is looked at by hand.
std::vector<std::vector<std::string>> Definition(const SearchSpace& space, std::uint64_t seed,
                                                 int iterations, double share,
                                                 const Formula& formula) {
  std::vector<std::vector<std::string>> generations;
  std::vector<std::pair<double, Architecture>> pool;  // best first
  const Population population(space, AllFeasible);
  for (int i = 0; i < iterations; ++i) {
    const int batch = 10 * (i / 10) + 10;
    Rng rng(Key(seed, "propose", i));
    std::vector<Architecture> children;
    for (const auto& decisions : population.Draw(i == 0 ? batch : 10 * batch, rng)) {
      const Architecture candidate = space.Make(decisions);
      const double wished = share * double(pool.size());
      double parents = std::floor(wished);
      const double rest = wished - parents;
      if (rest > 0.5 || (rest == 0.5 && std::fmod(parents, 2) == 1)) ++parents;
      parents = std::max(parents, 1.0);
      bool is_child = i == 0;
      for (int p = 0; p < int(parents) && p < int(pool.size()); ++p) {
        if (Distance(candidate, pool[p].second) <= 2) is_child = true;
      }
      for (const auto& member : pool) {
        if (member.second == candidate) is_child = false;
      }
      if (is_child) children.push_back(candidate);
    }
    if (children.empty()) continue;
    generations.emplace_back();
    for (const Architecture& child : children) {
      generations.back().push_back(child.text());
      pool.emplace_back(*formula({child}), child);
    }
    std::stable_sort(pool.begin(), pool.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
  }
  return generations;
}

TEST(MoteNas, FollowsTheDefinition) {
  const std::unique_ptr<SearchSpace> space = NasBench201();
  for (const std::string share : {"0.01", "0.1", "0.25"}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto strategy =
          MakeMoteNas({{"iterations", "22"}, {"parents", share}}, {*space, AllFeasible, seed});
      std::vector<std::vector<std::string>> texts;
      for (const auto& generation : RunToEnd(*strategy, DecisionsAsNumber)) {
        texts.emplace_back();
        for (const Request& request : generation) {
          texts.back().push_back(request.architecture.text());
        }
      }
      EXPECT_EQ(texts, Definition(*space, seed, 22, std::stod(share), DecisionsAsNumber));
    }
  }
}

TEST(MoteNas, BeginsWithTenAndThenStaysNearTheBest) {
  const FakeSpace space(9);
  const auto strategy = MakeMoteNas({{"parents", "0"}}, {space, AllFeasible, 3});
  std::vector<Request> requests = strategy->Ask();
  EXPECT_EQ(requests.size(), 10u);
  while (!requests.empty()) {
    strategy->Tell(Evaluate(requests, BitsAsNumber));
    const Architecture best = strategy->Ranking()[0].architecture;
    requests = strategy->Ask();
    for (const Request& request : requests) {
      EXPECT_LE(Distance(request.architecture, best), 2) << best.text();
    }
  }
}

TEST(MoteNas, TakesTheRadiusFromItsOption) {
  const FakeSpace space(9);
  const auto strategy = MakeMoteNas({{"parents", "0"}, {"radius", "1"}}, {space, AllFeasible, 3});
  strategy->Tell(Evaluate(strategy->Ask(), BitsAsNumber));
  const Architecture best = strategy->Ranking()[0].architecture;
  const std::vector<Request> children = strategy->Ask();
  ASSERT_FALSE(children.empty());
  for (const Request& child : children) EXPECT_EQ(Distance(child.architecture, best), 1);
}

TEST(MoteNas, PassesOverIterationsWithoutChildren) {
  // A parent's neighbourhood is 254 of 16 M: nearly no draw of 100 meets it.
  const FakeSpace space(24);
  const auto strategy = MakeMoteNas({{"iterations", "1000"}, {"growth", "0"}, {"parents", "0.5"}},
                                    {space, AllFeasible, 3});
  const auto generations = RunToEnd(*strategy, BitsAsNumber);
  EXPECT_GT(generations.size(), 1u);
  EXPECT_LT(generations.size(), 100u);
}

TEST(MoteNas, LetsAFailureBeAParentOnlyWhenAllElseFailed) {
  const FakeSpace space(9);
  const auto strategy = MakeMoteNas({{"parents", "0"}}, {space, AllFeasible, 3});
  const std::vector<Request> first = strategy->Ask();
  int told = 0;
  strategy->Tell(Evaluate(first, [&](const Request& request) -> Outcome<double> {
    if (told++ == 9) return BitsAsNumber(request);
    return Failure{FailureKind::kDiverged, "but the last"};
  }));
  for (const Request& child : strategy->Ask()) {
    EXPECT_LE(Distance(child.architecture, first.back().architecture), 2);
  }
}

TEST(MoteNas, ExhaustsASmallSpaceWhereAllAreParents) {
  const FakeSpace space;
  const auto strategy = MakeMoteNas({{"parents", "1"}}, {space, AllFeasible, 3});
  std::size_t asked = 0;
  for (const auto& generation : RunToEnd(*strategy, BitsAsNumber)) asked += generation.size();
  EXPECT_EQ(asked, 16u);
}

TEST(MoteNas, ExpectsAboutWhatItAsksFor) {
  const std::unique_ptr<SearchSpace> space = NasBench201();
  const auto population = std::make_shared<Population>(*space, AllFeasible);
  for (const std::string iterations : {"10", "20", "30"}) {
    for (const std::string share : {"0.01", "0.1"}) {
      double expected = 0, asked = 0;
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto strategy = MakeMoteNas({{"iterations", iterations}, {"parents", share}},
                                          {*space, AllFeasible, seed, population});
        expected += strategy->ExpectedRequests();
        for (const auto& generation : RunToEnd(*strategy, DecisionsAsNumber)) {
          asked += double(generation.size());
        }
      }
      EXPECT_GT(expected / asked, 0.6) << iterations << " " << share;
      EXPECT_LT(expected / asked, 1.7) << iterations << " " << share;
    }
  }
}

TEST(MoteNas, RefusesOptionsOutOfBounds) {
  const FakeSpace space;
  const SearchProblem problem{space, AllFeasible, 3};
  EXPECT_THROW(MakeMoteNas({{"iterations", "0"}}, problem), Error);
  EXPECT_THROW(MakeMoteNas({{"parents", "1.5"}}, problem), Error);
  EXPECT_THROW(MakeMoteNas({{"radius", "0"}}, problem), Error);
}

}  // namespace
}  // namespace mote
