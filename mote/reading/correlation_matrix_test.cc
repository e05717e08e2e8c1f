#include "mote/reading/correlation_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/stats.h"
#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(CorrelationOfRows, ByHand) {
  // (1, -1, 0) and (1, 0, -1) have product 1 and squares 2.
  const double rows[] = {1, -1, 0, 1, 0, -1};
  EXPECT_THAT(CorrelationOfRows(rows, 2),
              ElementsAre(1, DoubleNear(0.5, 1e-15), DoubleNear(0.5, 1e-15), 1));
}

TEST(CorrelationOfRows, EqualsPearsonsPairByPairAtAnyScale) {
  constexpr int kRows = 4, kLength = 30;
  std::vector<double> rows = Normals("rows", 0, kRows * kLength);
  for (int k = 0; k < kLength; ++k) {
    rows[kLength + k] = 1e-200 * rows[kLength + k];
    rows[2 * kLength + k] = 1e300 * rows[2 * kLength + k];
    rows[3 * kLength + k] = 1e6 + rows[3 * kLength + k];
  }
  const std::vector<double> correlation = CorrelationOfRows(rows, kRows);
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kRows; ++j) {
      const auto a = std::span(rows).subspan(i * kLength, kLength);
      const auto b = std::span(rows).subspan(j * kLength, kLength);
      EXPECT_NEAR(correlation[i * kRows + j], *PearsonR(a, b), 1e-12);
    }
  }
}

TEST(CorrelationOfRows, IsZeroWithoutVariance) {
  const double rows[] = {1, 2, 3, 0.9, 0.9, 0.9, kNan, 1, 2, kInfinity, 1, 2};
  EXPECT_THAT(CorrelationOfRows(rows, 4),
              ElementsAre(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  const double columns[] = {4, 5};  // rows of one number
  EXPECT_THAT(CorrelationOfRows(columns, 2), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(CorrelationOfRows({}, 1), ElementsAre(0));
}

TEST(CorrelationOfColumns, IsThatOfTheTransposedRows) {
  constexpr int kColumns = 7, kLength = 200;
  std::vector<double> rows = Normals("columns", 0, kColumns * kLength);
  const double of_row[] = {1, 5e-324 * 0x1p30, 1e-200, 1e300, 0x1p1023, 1, 1};
  for (int i = 0; i < kColumns; ++i) {
    for (int k = 0; k < kLength; ++k) {
      double& value = rows[i * kLength + k];
      value = i == 5 ? 0.9 : value / 8 * of_row[i];
      if (i == 6 && k == 100) value = -kInfinity;
    }
  }
  std::vector<double> columns(rows.size());
  for (int i = 0; i < kColumns; ++i) {
    for (int k = 0; k < kLength; ++k) columns[k * kColumns + i] = rows[i * kLength + k];
  }
  const std::vector<double> correlation = CorrelationOfColumns(columns, kColumns);
  EXPECT_EQ(correlation, CorrelationOfRows(rows, kColumns));
  EXPECT_EQ(correlation[0], 1);
  EXPECT_EQ(correlation[5 * kColumns + 5], 0);
  EXPECT_EQ(correlation[6 * kColumns + 6], 0);
}

TEST(CorrelationOfRows, OfEqualAndOppositeRowsIsExactToRounding) {
  const double rows[] = {0.1, 0.7, 0.3, 0.1, 0.7, 0.3, -0.1, -0.7, -0.3};
  const std::vector<double> correlation = CorrelationOfRows(rows, 3);
  EXPECT_DOUBLE_EQ(correlation[1], 1);
  EXPECT_DOUBLE_EQ(correlation[2], -1);
  EXPECT_LE(correlation[1], 1);
  EXPECT_GE(correlation[2], -1);
}

}  // namespace
}  // namespace mote
