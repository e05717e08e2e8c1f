#include "mote/data/augment.h"

#include <gmock/gmock.h>

#include <map>
#include <vector>

namespace mote {
namespace {

// A pixel's value names its image, row and column; channel 1 and 2 repeat it.
std::vector<float> Numbered(int count, int side) {
  std::vector<float> images;
  for (int i = 0; i < count * side * side; ++i) images.insert(images.end(), 3, float(i + 1));
  return images;
}

TEST(Augment, ShiftsByAnEighthOfTheSideAtMostFour) {
  EXPECT_EQ(LargestShift(32), 4);
  EXPECT_EQ(LargestShift(16), 2);
  EXPECT_EQ(LargestShift(4), 0);
  EXPECT_EQ(LargestShift(224), 4);
}

TEST(Augment, GivesEqualBitsForEqualKeysOnly) {
  const std::vector<float> original = Numbered(6, 32);
  std::vector<float> first = original, second = original, other = original;
  Augment(first.data(), 6, 32, 32, 3, Key(1, "augment"));
  Augment(second.data(), 6, 32, 32, 3, Key(1, "augment"));
  Augment(other.data(), 6, 32, 32, 3, Key(2, "augment"));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
  EXPECT_NE(first, original);
}

TEST(Augment, DrawsForAnImageDoNotDependOnHowManyFollow) {
  std::vector<float> few = Numbered(2, 16), many = Numbered(5, 16);
  Augment(few.data(), 2, 16, 16, 3, Key(1, "augment"));
  Augment(many.data(), 5, 16, 16, 3, Key(1, "augment"));
  many.resize(few.size());
  EXPECT_EQ(few, many);
}

// Each result is, to the bit, one of the 2 x 9 x 9 possible ones, and all of these occur.
TEST(Augment, MirrorsAndShiftsWithZeroPadding) {
  constexpr int kSide = 32, kCount = 2000;
  const std::vector<float> one = Numbered(1, kSide);
  std::vector<float> images;
  for (int i = 0; i < kCount; ++i) images.insert(images.end(), one.begin(), one.end());
  Augment(images.data(), kCount, kSide, kSide, 3, Key(7, "augment"));
  std::map<int, int> mirrors, rows, columns;
  for (int i = 0; i < kCount; ++i) {
    const float* image = &images[i * one.size()];
    // The middle pixel tells which change it was.
    const int middle = int(image[(16 * kSide + 16) * 3]) - 1;
    const int from_y = middle / kSide, from_x = middle % kSide;
    const int next = int(image[(16 * kSide + 17) * 3]) - 1;
    const bool mirror = next < middle;
    const int shift_y = 16 - from_y;
    const int shift_x = 16 - (mirror ? kSide - 1 - from_x : from_x);
    ASSERT_LE(std::abs(shift_y), 4);
    ASSERT_LE(std::abs(shift_x), 4);
    ++mirrors[mirror];
    ++rows[shift_y];
    ++columns[shift_x];
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int sy = y - shift_y, sx = x - shift_x;
        const bool inside = 0 <= sy && sy < kSide && 0 <= sx && sx < kSide;
        const float expected =
            inside ? float(sy * kSide + (mirror ? kSide - 1 - sx : sx) + 1) : 0.0f;
        for (int c = 0; c < 3; ++c) ASSERT_EQ(image[(y * kSide + x) * 3 + c], expected);
      }
    }
  }
  EXPECT_NEAR(mirrors[1], kCount / 2, 5 * 23);  // five standard deviations
  EXPECT_EQ(rows.size(), 9u);
  EXPECT_EQ(columns.size(), 9u);
  for (const auto& [shift, count] : rows) EXPECT_NEAR(count, kCount / 9.0, 5 * 14) << shift;
}

TEST(Augment, OnlyMirrorsTinyImages) {
  const std::vector<float> original = {1, 2, 3, 4};  // 2x2, one channel
  const std::vector<float> mirrored = {2, 1, 4, 3};
  bool seen_original = false, seen_mirrored = false;
  for (int seed = 0; seed < 40; ++seed) {
    std::vector<float> image = original;
    Augment(image.data(), 1, 2, 2, 1, Key(seed, "augment"));
    EXPECT_TRUE(image == original || image == mirrored);
    seen_original |= image == original;
    seen_mirrored |= image == mirrored;
  }
  EXPECT_TRUE(seen_original && seen_mirrored);
}

}  // namespace
}  // namespace mote
