#include "mote/search/score_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace mote {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

const Failure kFailed{FailureKind::kDiverged, "no"};

auto Near(double value) { return DoubleNear(value, 1e-12); }

// scores[estimator][candidate][replicate]
ScoreSheet Sheet(int trained, int structure,
                 const std::vector<std::vector<std::vector<double>>>& scores) {
  ScoreSheet sheet(int(scores.front().size()), trained, structure);
  for (std::size_t e = 0; e < scores.size(); ++e) {
    for (std::size_t c = 0; c < scores[e].size(); ++c) {
      for (const double score : scores[e][c]) sheet.Add(int(c), int(e), score);
    }
  }
  return sheet;
}

TEST(ScoreSheet, TrainedEstimatorsShareOnePartAndEachCountHasItsOwn) {
  const ScoreSheet sheet = Sheet(2, 1, {{{1}, {2}}, {{8}, {9}}, {{5}, {4}}});
  const double low = std::log(0.5);
  // Both trained ones prefer the second candidate, a quarter each; the count, a half, the first.
  EXPECT_THAT(sheet.RankMerits(std::vector{0, 1}), ElementsAre(Near(low / 2), Near(low / 2)));
}

TEST(ScoreSheet, AnEstimatorThatNobodyHasAScoreOfIsLeftOut) {
  const ScoreSheet sheet = Sheet(2, 0, {{{1}, {2}, {3}}, {{}, {}, {7}}});
  EXPECT_THAT(sheet.RankMerits(std::vector{0, 1}), ElementsAre(Near(std::log(0.5)), Near(0)));
  // Who lacks one that others have is the lowest by it: ranks 1.5, 1.5 and 3.
  EXPECT_THAT(sheet.RankMerits(std::vector{0, 1, 2}),
              ElementsAre(Near((std::log(1 / 3.0) + std::log(0.5)) / 2),
                          Near((std::log(2 / 3.0) + std::log(0.5)) / 2), Near(0)));
}

TEST(ScoreSheet, RanksMeansOrSingleReplicates) {
  const ScoreSheet sheet = Sheet(1, 0, {{{1, 9}, {4, 4}, {3}}});
  const double low = std::log(1 / 3.0), middle = std::log(2 / 3.0);
  const std::vector<int> all = {0, 1, 2};
  EXPECT_THAT(sheet.RankMerits(all), ElementsAre(Near(0), Near(middle), Near(low)));
  EXPECT_THAT(sheet.RankMerits(all, 0), ElementsAre(Near(low), Near(0), Near(middle)));
  EXPECT_THAT(sheet.RankMerits(all, 1), ElementsAre(Near(0), Near(middle), Near(low)));
}

TEST(ScoreSheet, AFailureIsTheLowestForGood) {
  ScoreSheet sheet = Sheet(1, 0, {{{9}, {1}}});
  sheet.Add(0, 0, kFailed);
  EXPECT_TRUE(sheet.has_failed(0));
  EXPECT_FALSE(sheet.has_failed(1));
  EXPECT_THAT(sheet.RankMerits(std::vector{0, 1}), ElementsAre(Near(std::log(0.5)), Near(0)));
}

TEST(ScoreSheet, ErrorsArePooledStandardErrorsOfTheMean) {
  // By the two estimators the candidates stand in opposite order: each one's log-ranks are ln .5
  // and 0, of variance ln(.5)^2 / 2, and their mean has half of that.
  const ScoreSheet opposed = Sheet(2, 0, {{{1}, {2}}, {{2}, {1}}});
  EXPECT_NEAR(opposed.Disagreement(std::vector{0, 1}), -std::log(0.5) / 2, 1e-12);
  EXPECT_EQ(opposed.ReplicateError(std::vector{0, 1}, 1), 0);
  // The same by two seeds; a third candidate that has only one does not count.
  const ScoreSheet unsteady = Sheet(1, 0, {{{5, 6}, {6, 5}, {1}}});
  EXPECT_EQ(unsteady.Disagreement(std::vector{0, 1, 2}), 0);
  EXPECT_NEAR(unsteady.ReplicateError(std::vector{0, 1, 2}, 2), -std::log(2 / 3.0) / 2, 1e-12);
}

TEST(ScoreSheet, StandardScoresTellHowFarTheBestAreApart) {
  // Means 0, 2, 4, 10 and 1, 1, 1, 5: mean 4 and deviation sqrt 14, mean 2 and deviation sqrt 3.
  const ScoreSheet sheet = Sheet(2, 0, {{{0}, {2}, {3, 5}, {10, 10}}, {{1}, {1}, {0, 2}, {6, 4}}});
  const std::vector<int> all = {0, 1, 2, 3};
  const double one = 0.5 / std::sqrt(14), two = 0.5 / std::sqrt(3);
  EXPECT_THAT(sheet.StandardScoreMerits(all, std::vector{3, 2}),
              ElementsAre(Near(one * 6 + two * 3), Near(0 - two)));
  // The differences by seed are 7 one + 6 two and 5 one + 2 two.
  EXPECT_NEAR(sheet.PairedError(all, 3, std::vector{2}), one + 2 * two, 1e-12);
}

TEST(ScoreSheet, WhatAllSeedsShareIsNoErrorOfADifference) {
  const ScoreSheet sheet = Sheet(1, 0, {{{1, 4, 2}, {2, 5, 3}, {4, 7, 5}}});
  EXPECT_NEAR(sheet.PairedError(std::vector{0, 1, 2}, 2, std::vector{0, 1}), 0, 1e-12);
}

TEST(ScoreSheet, WhatIsEqualForAllHasNoSay) {
  const ScoreSheet sheet = Sheet(1, 1, {{{3}, {1}}, {{7}, {7}}});
  EXPECT_THAT(sheet.StandardScoreMerits(std::vector{0, 1}, std::vector{0, 1}),
              ElementsAre(Near(0.5), Near(-0.5)));
}

}  // namespace
}  // namespace mote
