#include "mote/reading/zen.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(Zen, ByHand) {
  // f(x) = 2 x, moved by 0.01 * 0.5.
  const double features[] = {2 * 0.3}, moved[] = {2 * (0.3 + 0.01 * 0.5)};
  EXPECT_NEAR(*ZenDifference(features, moved, 1), -4.605170, 1e-6);
  // And a batch norm whose running variance is 4.
  const double variance[] = {4};
  EXPECT_DOUBLE_EQ(*ZenScale(variance), std::log(2));
}

TEST(ZenDifference, SumsOverFeaturesAndAveragesOverImages) {
  const double features[] = {0, 0, 0, 0, 0, 0}, moved[] = {1, -2, 0, 3, 0, -4};
  EXPECT_DOUBLE_EQ(*ZenDifference(features, moved, 2), std::log(5));
  EXPECT_DOUBLE_EQ(*ZenDifference(moved, features, 3), std::log(10.0 / 3));
}

TEST(ZenScale, AveragesOverChannelsBeforeTheLogarithm) {
  const double variances[] = {1, 3, 14};
  EXPECT_DOUBLE_EQ(*ZenScale(variances), 0.5 * std::log(6));
  const double fresh[] = {1, 1};
  EXPECT_EQ(*ZenScale(fresh), 0);
}

TEST(Zen, PutsTheScaleOfANormBack) {
  // Features s (x - mean) / s as a norm leaves them do not show s; the two parts together do.
  const std::vector<double> x = Normals("x", 0, 10), e = Normals("e", 0, 10);
  double previous = 0;
  for (const double scale : {1.0, 8.0}) {
    std::vector<double> moved = x;
    for (int i = 0; i < 10; ++i) moved[i] += 0.01 * e[i];
    const double variance[] = {scale * scale};
    const double score = *ZenDifference(x, moved, 1) + *ZenScale(variance);
    if (scale == 8) {
      EXPECT_NEAR(score - previous, std::log(8), 1e-12);
    }
    previous = score;
  }
}

TEST(Zen, OfWhatDoesNotMoveIsMinusInfinity) {
  const double features[] = {1, 2}, zeros[] = {0, 0};
  EXPECT_EQ(*ZenDifference(features, features, 1), -kInfinity);
  EXPECT_EQ(*ZenDifference({}, {}, 1), -kInfinity);
  EXPECT_EQ(*ZenScale(zeros), -kInfinity);
}

TEST(Zen, OfWhatIsNotFiniteHasNoValue) {
  const double good[] = {1, 2}, bad[] = {1, kNan}, infinite[] = {1, kInfinity};
  EXPECT_EQ(ZenDifference(good, bad, 2).failure().kind, FailureKind::kDiverged);
  EXPECT_EQ(ZenDifference(infinite, infinite, 2).failure().kind, FailureKind::kDiverged);
  EXPECT_EQ(ZenScale(infinite).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
