#include "mote/backends/native/pool.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class PoolWindowsTest : public OnIsa {};
MOTE_EACH_ISA(PoolWindowsTest);

void ExpectMeans(const Extent& extent, int height, int width) {
  SCOPED_TRACE(testing::Message() << extent.groups << " x " << extent.height << "x" << extent.width
                                  << "x" << extent.pitch << " by " << height << "x" << width);
  const Buffer src = RandomFloats(extent.floats(), 1);
  const int rows = extent.height / height;
  const int columns = extent.width / width;
  const std::size_t results = std::size_t(extent.groups) * rows * columns * extent.pitch;
  // What lies behind stays as it was.
  Buffer dst(results + 16);
  std::fill_n(dst.data(), dst.size(), 7.0f);
  PoolWindows(extent, src.data(), height, width, dst.data());
  std::size_t at = 0;
  for (int group = 0; group < extent.groups; ++group) {
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        for (int lane = 0; lane < extent.pitch; ++lane, ++at) {
          double sum = 0, size = 0;
          for (int y = row * height; y < (row + 1) * height; ++y) {
            for (int x = column * width; x < (column + 1) * width; ++x) {
              const float value =
                  src[group * extent.image() + y * extent.row() + x * extent.pitch + lane];
              sum += value;
              size += std::abs(value);
            }
          }
          const double pixels = height * width;
          ASSERT_NEAR(dst[at], sum / pixels, 1e-6 * size / pixels) << at;
        }
      }
    }
  }
  for (std::size_t i = results; i < dst.size(); ++i) ASSERT_EQ(dst[i], 7);
}

TEST_P(PoolWindowsTest, GivesMeansOfWindows) {
  const int lanes = Lanes();
  for (const int pitch : {std::max(8, lanes), 16, 32, 48}) {
    ExpectMeans({3, 8, 8, pitch}, 2, 2);
    ExpectMeans({2, 4, 4, pitch}, 4, 4);
    ExpectMeans({2, 8, 8, pitch}, 8, 8);
    ExpectMeans({2, 32, 32, pitch}, 4, 4);
    ExpectMeans({2, 6, 9, pitch}, 2, 3);
    ExpectMeans({2, 9, 4, pitch}, 3, 2);
    ExpectMeans({1, 2, 2, pitch}, 1, 1);
    ExpectMeans({1, 1, 7, pitch}, 1, 7);
  }
}

TEST_P(PoolWindowsTest, LeavesOutWhatFillsNoWindow) {
  ExpectMeans({2, 5, 7, 16}, 2, 2);
  ExpectMeans({2, 7, 5, 16}, 3, 3);
  ExpectMeans({2, 3, 3, 16}, 4, 2);
  ExpectMeans({1, 5, 5, 16}, 5, 3);
}

TEST_P(PoolWindowsTest, RepeatsItsBits) {
  const Extent extent{4, 8, 8, 16};
  const Buffer src = RandomFloats(extent.floats(), 2);
  Buffer one(4 * 16), two(4 * 16);
  PoolWindows(extent, src.data(), 8, 8, one.data());
  PoolWindows(extent, src.data(), 8, 8, two.data());
  EXPECT_EQ(std::memcmp(one.data(), two.data(), one.size() * sizeof(float)), 0);
}

}  // namespace
}  // namespace mote::native
