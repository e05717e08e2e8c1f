#include "mote/estimate/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Scores = std::vector<Outcome<double>>;
constexpr Direction kHigher = Direction::kHigherIsBetter, kLower = Direction::kLowerIsBetter;

Outcome<double> Failed() { return Failure{FailureKind::kDiverged, "test"}; }

TEST(RanksFromWorst, ByHand) {
  const Scores scores = {3.0, 1.0, 2.0, 1.0};
  EXPECT_THAT(RanksFromWorst({scores, kHigher}), ElementsAre(4, 1.5, 3, 1.5));
  EXPECT_THAT(RanksFromWorst({scores, kLower}), ElementsAre(1, 3.5, 2, 3.5));
}

TEST(RanksFromWorst, PutWhatIsNoFiniteScoreLastInEitherDirection) {
  const Scores scores = {1.0, Failed(), 2.0, kNan, kInfinity, -kInfinity};
  EXPECT_THAT(RanksFromWorst({scores, kHigher}), ElementsAre(5, 2.5, 6, 2.5, 2.5, 2.5));
  EXPECT_THAT(RanksFromWorst({scores, kLower}), ElementsAre(6, 2.5, 5, 2.5, 2.5, 2.5));
}

TEST(SumOfLogRanks, ByHand) {
  const Scores speed = {1.0, 2.0, 3.0, 4.0}, loss = {1.0, 1.0, 5.0, Failed()};
  // Ranks 1, 2, 3, 4 and 3.5, 3.5, 2, 1 of 4.
  const ScoreColumn columns[] = {{speed, kHigher}, {loss, kLower}};
  EXPECT_THAT(
      SumOfLogRanks(columns),
      ElementsAre(DoubleNear(std::log(3.5 / 16), 1e-15), DoubleNear(std::log(7.0 / 16), 1e-15),
                  DoubleNear(std::log(6.0 / 16), 1e-15), DoubleNear(std::log(4.0 / 16), 1e-15)));
}

TEST(SumOfLogRanks, IsZeroForTheBestOfEveryColumn) {
  const Scores a = {1.0, 9.0, 3.0}, b = {0.5, 0.1, 0.2};
  const ScoreColumn columns[] = {{a, kHigher}, {b, kLower}};
  const std::vector<double> sums = SumOfLogRanks(columns);
  EXPECT_EQ(sums[1], 0);
  EXPECT_LT(sums[0], 0);
  EXPECT_DOUBLE_EQ(sums[0], 2 * std::log(1.0 / 3));
}

TEST(SumOfLogRanks, IgnoresIncreasingTransformsAndFollowsTheCandidates) {
  constexpr int kCount = 20;
  const std::vector<double> x = Normals("x", 0, kCount), y = Normals("y", 0, kCount);
  const Scores a(x.begin(), x.end()), b(y.begin(), y.end());
  const ScoreColumn columns[] = {{a, kHigher}, {b, kLower}};
  const std::vector<double> sums = SumOfLogRanks(columns);

  Scores transformed, negated;
  for (int i = 0; i < kCount; ++i) {
    transformed.push_back(std::exp(3 * x[i]));
    negated.push_back(-y[i]);
  }
  const ScoreColumn others[] = {{negated, kHigher}, {transformed, kHigher}};
  EXPECT_THAT(SumOfLogRanks(others), ::testing::Pointwise(::testing::DoubleEq(), sums));

  Scores a_back = a, b_back = b;
  std::ranges::reverse(a_back);
  std::ranges::reverse(b_back);
  const ScoreColumn back[] = {{a_back, kHigher}, {b_back, kLower}};
  std::vector<double> reversed = SumOfLogRanks(back);
  std::ranges::reverse(reversed);
  EXPECT_EQ(reversed, sums);
}

TEST(SumOfLogRanks, EqualsCountsOfWorseCandidates) {
  constexpr int kCount = 15;
  Scores scores;
  for (const double value : Normals("ties", 0, kCount)) scores.push_back(std::round(value));
  const ScoreColumn column = {scores, kHigher};
  const std::vector<double> sums = SumOfLogRanks({&column, 1});
  for (int i = 0; i < kCount; ++i) {
    double rank = 0.5;
    for (int j = 0; j < kCount; ++j) {
      rank += *scores[j] < *scores[i] ? 1 : *scores[j] == *scores[i] ? 0.5 : 0;
    }
    EXPECT_NEAR(sums[i], std::log(rank / kCount), 1e-14);
  }
}

TEST(SumOfLogRanks, OfDegenerateColumns) {
  const Scores single = {7.0}, none, failed = {Failed(), kNan, kInfinity};
  const ScoreColumn one = {single, kLower}, empty = {none, kHigher}, bad = {failed, kHigher};
  EXPECT_THAT(SumOfLogRanks({&one, 1}), ElementsAre(0));
  EXPECT_THAT(SumOfLogRanks({&empty, 1}), IsEmpty());
  EXPECT_THAT(SumOfLogRanks({&bad, 1}), Each(DoubleNear(std::log(2.0 / 3), 1e-15)));
}

}  // namespace
}  // namespace mote
