#include "mote/reading/jacob_cov.h"

#include <gtest/gtest.h>

#include <utility>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(JacobianCovarianceScore, ByHand) {
  const double half[] = {1, -1, 0, 1, 0, -1};
  EXPECT_NEAR(*JacobianCovarianceScore(half, 2), -2.378967, 1e-6);
  const double opposite[] = {1, -1, 3, -2, 2, -6};
  EXPECT_NEAR(*JacobianCovarianceScore(opposite, 2), -99989.680224, 1e-4);
  const double uncorrelated[] = {1, -1, 0, 0, 0, 0, 1, -1};
  EXPECT_NEAR(*JacobianCovarianceScore(uncorrelated, 2), -2.0000000001, 1e-11);
}

TEST(JacobianCovarianceScore, IgnoresScaleOffsetAndOrderOfImages) {
  std::vector<double> rows = Normals("jacobians", 0, 4 * 12);
  const double value = *JacobianCovarianceScore(rows, 4);
  EXPECT_LT(value, -4);
  for (int k = 0; k < 12; ++k) {
    rows[k] = 100 * rows[k] - 3;
    std::swap(rows[12 + k], rows[36 + k]);
  }
  EXPECT_NEAR(*JacobianCovarianceScore(rows, 4), value, 1e-9);
}

TEST(JacobianCovarianceScore, FallsWithCorrelation) {
  const std::vector<double> a = Normals("a", 0, 50), b = Normals("b", 0, 50);
  double previous = 0;
  for (const double share : {0.0, 1.0, 2.0, 5.0}) {
    std::vector<double> rows = a;
    for (int k = 0; k < 50; ++k) rows.push_back(b[k] + share * a[k]);
    const double value = *JacobianCovarianceScore(rows, 2);
    EXPECT_LT(value, previous);
    previous = value;
  }
}

TEST(JacobianCovarianceScore, OfOneImageHasOneUnitEigenvalue) {
  const double row[] = {1, 2, 4};
  EXPECT_NEAR(*JacobianCovarianceScore(row, 1), -1, 1e-9);
}

TEST(JacobianCovarianceScore, HasNoValueForConstantOrInfiniteRows) {
  const double constant[] = {1, 2, 3, 0.3, 0.3, 0.3}, infinite[] = {1, kInfinity};
  EXPECT_EQ(JacobianCovarianceScore(constant, 2).failure().kind, FailureKind::kUndefined);
  EXPECT_EQ(JacobianCovarianceScore(infinite, 1).failure().kind, FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
