#include "mote/data/resize.h"

#include <gmock/gmock.h>

#include <numeric>

#include "mote/base/rng.h"
#include "mote/data/prepared_data.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::Pointwise;

std::vector<float> Resized(const std::vector<float>& src, int height, int width, int new_height,
                           int new_width, int channels = 1) {
  std::vector<float> dst(std::size_t(new_height) * new_width * channels, -1);
  ResizeArea(src.data(), height, width, dst.data(), new_height, new_width, channels);
  return dst;
}

TEST(ResizeArea, WeightsEdgePixelsByTheirCoveredPart) {
  // 3 -> 2: each target covers one and a half source pixels.
  EXPECT_THAT(Resized({3, 6, 9}, 1, 3, 1, 2),
              ElementsAre(FloatEq((3 + 0.5f * 6) / 1.5f), FloatEq((0.5f * 6 + 9) / 1.5f)));
  // 3x3 -> 2x2, weights 1, 1/2 on each axis: (0 + .5*1 + .5*3 + .25*4) / 2.25 and so on.
  EXPECT_THAT(Resized({0, 1, 2, 3, 4, 5, 6, 7, 8}, 3, 3, 2, 2),
              ElementsAre(FloatEq(3 / 2.25f), FloatEq(6 / 2.25f), FloatEq(12 / 2.25f),
                          FloatEq(15 / 2.25f)));
}

TEST(ResizeArea, EnlargesByTheSameRule) {
  EXPECT_EQ(Resized({1, 2}, 1, 2, 1, 4), (std::vector<float>{1, 1, 2, 2}));
  // 2 -> 3: the middle target covers a third of each.
  EXPECT_THAT(Resized({1, 2}, 1, 2, 1, 3), ElementsAre(1, FloatEq(1.5f), 2));
  EXPECT_EQ(Resized({7}, 1, 1, 2, 2), (std::vector<float>{7, 7, 7, 7}));
}

TEST(ResizeArea, IsTheBoxAverageForAnIntegerFactor) {
  const std::string bytes = Scatter(12 * 8 * 3, 1);
  std::vector<float> small(4 * 2 * 3);
  ResizeArea(reinterpret_cast<const std::uint8_t*>(bytes.data()), 12, 8, small.data(), 4, 2, 3);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 2; ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = 0; dy < 3; ++dy) {
          for (int dx = 0; dx < 4; ++dx) {
            sum += std::uint8_t(bytes[((y * 3 + dy) * 8 + x * 4 + dx) * 3 + c]);
          }
        }
        EXPECT_EQ(small[(y * 2 + x) * 3 + c], float(sum / 12.0));
      }
    }
  }
}

TEST(ResizeArea, KeepsTheMeanAndConstants) {
  Rng rng(Key(1, "test"));
  for (const auto& [from, to] : {std::pair(32, 5), {7, 32}, {28, 32}, {224, 32}, {1, 9}}) {
    std::vector<float> src(from * from);
    for (float& value : src) value = float(rng.Uniform());
    const std::vector<float> dst = Resized(src, from, from, to, to);
    EXPECT_NEAR(std::accumulate(dst.begin(), dst.end(), 0.0) / (to * to),
                std::accumulate(src.begin(), src.end(), 0.0) / (from * from), 1e-6);
    const std::vector<float> flat(from * from, 0.3f);
    EXPECT_THAT(Resized(flat, from, from, to, to),
                Pointwise(FloatEq(), std::vector<float>(to * to, 0.3f)));
  }
}

TEST(ResizeArea, KeepsEqualSizesAndBytesAgreeWithFloats) {
  const std::string bytes = Scatter(9 * 6 * 3, 2);
  const auto* src = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const std::vector<float> floats(src, src + bytes.size());
  EXPECT_EQ(Resized(floats, 9, 6, 9, 6, 3), floats);
  std::vector<float> from_bytes(4 * 4 * 3);
  ResizeArea(src, 9, 6, from_bytes.data(), 4, 4, 3);
  EXPECT_EQ(from_bytes, Resized(floats, 9, 6, 4, 4, 3));
}

}  // namespace
}  // namespace mote
