#include "mote/reading/gram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

TEST(Gram, ByHand) {
  const double rows[] = {1, 0, 1, 1};
  EXPECT_THAT(GramOfRows(rows, 2), ElementsAre(1, 1, 1, 2));
}

TEST(Gram, EqualsInnerProductsAcrossBlocks) {
  for (const int length : {1, 63, 64, 65, 200}) {
    constexpr int kCount = 5;
    const std::vector<double> rows = Normals("gram", length, kCount * length);
    const std::vector<double> gram = GramOfRows(rows, kCount);
    for (int i = 0; i < kCount; ++i) {
      for (int j = 0; j < kCount; ++j) {
        double product = 0;
        for (int k = 0; k < length; ++k) product += rows[i * length + k] * rows[j * length + k];
        EXPECT_NEAR(gram[i * kCount + j], product, 1e-12 * length) << i << ", " << j;
        EXPECT_EQ(gram[i * kCount + j], gram[j * kCount + i]);
      }
    }
  }
}

TEST(Gram, AddsUpOverLayers) {
  const std::vector<double> rows = Normals("gram", 0, 3 * 10);
  std::vector<double> first, second;
  for (int i = 0; i < 3; ++i) {
    first.insert(first.end(), rows.begin() + 10 * i, rows.begin() + 10 * i + 4);
    second.insert(second.end(), rows.begin() + 10 * i + 4, rows.begin() + 10 * i + 10);
  }
  std::vector<double> gram(9);
  AddGramOfRows(first, 3, gram);
  AddGramOfRows(second, 3, gram);
  EXPECT_THAT(gram, ElementsAreArray(GramOfRows(rows, 3)));
}

TEST(Gram, OfColumnsIsThatOfTheTransposedRows) {
  const std::vector<double> rows = Normals("gram", 1, 4 * 70);
  std::vector<double> columns(rows.size());
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < 70; ++k) columns[k * 4 + i] = rows[i * 70 + k];
  }
  std::vector<double> gram(16);
  AddGramOfColumns(columns, 4, gram);
  EXPECT_THAT(gram, ElementsAreArray(GramOfRows(rows, 4)));
}

TEST(Gram, OfEmptyVectorsIsZero) { EXPECT_THAT(GramOfRows({}, 2), ElementsAre(0, 0, 0, 0)); }

}  // namespace
}  // namespace mote
