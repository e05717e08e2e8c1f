#include "mote/reading/spectrum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/gram.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(SemidefiniteEigenvalues, ByHand) {
  const double matrix[] = {1, 1, 1, 2};
  EXPECT_THAT(SemidefiniteEigenvalues(matrix, 2),
              ElementsAre(DoubleNear(0.381966, 1e-6), DoubleNear(2.618034, 1e-6)));
  const double single[] = {3};
  EXPECT_THAT(SemidefiniteEigenvalues(single, 1), ElementsAre(3));
}

TEST(SemidefiniteEigenvalues, OfTheSecondDifferenceAreKnown) {
  constexpr int kSize = 40;
  std::vector<double> matrix(kSize * kSize);
  for (int i = 0; i < kSize; ++i) {
    matrix[i * kSize + i] = 2;
    if (i > 0) matrix[i * kSize + i - 1] = matrix[(i - 1) * kSize + i] = -1;
  }
  const std::vector<double> eigenvalues = SemidefiniteEigenvalues(matrix, kSize);
  for (int k = 1; k <= kSize; ++k) {
    EXPECT_NEAR(eigenvalues[k - 1], 2 - 2 * std::cos(k * M_PI / (kSize + 1)), 1e-13);
  }
}

TEST(SemidefiniteEigenvalues, SumToTheTraceAndSquareSumToTheNorm) {
  for (const int n : {1, 2, 7, 30}) {
    const std::vector<double> gram = GramOfRows(Normals("spectrum", n, n * 50), n);
    double trace = 0, norm = 0, sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) trace += gram[i * n + i];
    for (const double entry : gram) norm += entry * entry;
    for (const double eigenvalue : SemidefiniteEigenvalues(gram, n)) {
      sum += eigenvalue;
      squares += eigenvalue * eigenvalue;
    }
    EXPECT_NEAR(sum, trace, 1e-12 * trace);
    EXPECT_NEAR(squares, norm, 1e-12 * norm);
  }
}

TEST(SemidefiniteEigenvalues, AreZeroWhereTheRankEnds) {
  // 20 vectors of 6 numbers: 14 eigenvalues are rounding.
  for (int seed = 0; seed < 20; ++seed) {
    const std::vector<double> gram = GramOfRows(Normals("rank", seed, 20 * 6), 20);
    const std::vector<double> eigenvalues = SemidefiniteEigenvalues(gram, 20);
    EXPECT_EQ(eigenvalues[13], 0);
    EXPECT_GT(eigenvalues[14], 1e-3);
  }
}

TEST(SemidefiniteEigenvalues, KeepSmallOnesThatAreReal) {
  const double matrix[] = {1, 0, 0, 1e-12};
  EXPECT_DOUBLE_EQ(SemidefiniteEigenvalues(matrix, 2)[0], 1e-12);
  const double tiny[] = {1e-300, 0, 0, 2e-300};
  EXPECT_THAT(SemidefiniteEigenvalues(tiny, 2), ElementsAre(1e-300, 2e-300));
  const double zero[] = {0, 0, 0, 0};
  EXPECT_THAT(SemidefiniteEigenvalues(zero, 2), ElementsAre(0, 0));
}

TEST(SpectralNorm, ByHand) {
  const double rotation[] = {0, -3, 3, 0};
  EXPECT_DOUBLE_EQ(SpectralNorm(rotation, 2, 2), 3);
  const double row[] = {3, 4};
  EXPECT_DOUBLE_EQ(SpectralNorm(row, 1, 2), 5);
  EXPECT_DOUBLE_EQ(SpectralNorm(row, 2, 1), 5);
  const double zero[] = {0, 0, 0};
  EXPECT_EQ(SpectralNorm(zero, 3, 1), 0);
  // Singular values of [[1, 1], [0, 1]]: the golden ratio and its reciprocal.
  const double shear[] = {1, 1, 0, 1};
  EXPECT_NEAR(SpectralNorm(shear, 2, 2), (1 + std::sqrt(5.0)) / 2, 1e-15);
}

TEST(SpectralNorm, ScalesWithoutOverflow) {
  const std::vector<double> matrix = Normals("norm", 0, 15);
  const double norm = SpectralNorm(matrix, 3, 5);
  for (const double scale : {1e-200, 1e200}) {
    std::vector<double> scaled = matrix;
    for (double& entry : scaled) entry *= scale;
    EXPECT_NEAR(SpectralNorm(scaled, 3, 5) / scale, norm, 1e-14 * norm);
  }
}

TEST(SpectralNorm, IsTheLargestStretch) {
  // No unit vector is stretched further; power iteration comes as close as it likes.
  const std::vector<double> matrix = Normals("norm", 1, 4 * 3);
  std::vector<double> vector = {1, 0.5, 0.25};
  double stretch = 0;
  for (int step = 0; step < 200; ++step) {
    std::vector<double> image(4), back(3);
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 3; ++j) image[i] += matrix[i * 3 + j] * vector[j];
    }
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 3; ++j) back[j] += matrix[i * 3 + j] * image[i];
    }
    const double length = std::hypot(back[0], back[1], back[2]);
    for (int j = 0; j < 3; ++j) vector[j] = back[j] / length;
    stretch = std::sqrt(length);
  }
  EXPECT_NEAR(SpectralNorm(matrix, 4, 3), stretch, 1e-12);
}

}  // namespace
}  // namespace mote
