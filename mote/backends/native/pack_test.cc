#include "mote/backends/native/pack.h"

#include <gtest/gtest.h>

#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class Pack : public OnIsa {};
MOTE_EACH_ISA(Pack);

constexpr float kUntouched = 77;

TEST_P(Pack, LoadsImagesIntoTheMiddleOfTheirBorder) {
  for (const int group : {1, 2}) {
    for (const int count : {1, 2, 3, 8}) {
      for (const auto& [height, width] : {std::pair(1, 1), {4, 4}, {5, 7}, {3, 32}}) {
        for (const int channels : {1, 3, 8}) {
          SCOPED_TRACE(testing::Message() << "group " << group << ", " << count << " images of "
                                          << height << "x" << width << "x" << channels);
          const Buffer images = RandomFloats(std::size_t(count) * height * width * channels, 1);
          const int groups = (count + group - 1) / group;
          const std::ptrdiff_t pixel = std::ptrdiff_t(channels) * group;
          const std::ptrdiff_t row = (width + 2) * pixel, image = (height + 2) * row;
          std::vector<float> dst(std::size_t(groups * image), kUntouched);
          LoadImages(std::span<const float>(images.data(), images.size()), count, height, width,
                     channels, group, Pixels{dst.data() + row + pixel, row, image});
          const float* value = dst.data();
          for (int g = 0; g < groups; ++g) {
            for (int y = -1; y <= height; ++y) {
              for (int x = -1; x <= width; ++x) {
                for (int c = 0; c < channels; ++c) {
                  for (int lane = 0; lane < group; ++lane, ++value) {
                    const int n = g * group + lane;
                    if (y < 0 || y == height || x < 0 || x == width) {
                      ASSERT_EQ(*value, kUntouched);
                    } else if (n >= count) {
                      ASSERT_EQ(*value, 0);
                    } else {
                      ASSERT_EQ(*value, images[((n * height + y) * width + x) * channels + c]);
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

TEST_P(Pack, RepeatsColumnsForEachLaneAndSumsThemBack) {
  for (const auto& [rows, columns] : {std::pair(1, 1), {3, 8}, {9, 24}, {5, 7}}) {
    const std::size_t count = std::size_t(rows) * columns;
    const Buffer src = RandomFloats(count, 2);
    for (const int group : {1, 2}) {
      std::vector<float> repeated(count * group + 1, kUntouched);
      RepeatColumns(src.data(), rows, columns, group, repeated.data());
      for (std::size_t i = 0; i < count * group; ++i) ASSERT_EQ(repeated[i], src[i / group]) << i;
      EXPECT_EQ(repeated.back(), kUntouched);

      const Buffer lanes = RandomFloats(count * group, 3);
      std::vector<float> sums(count + 1, kUntouched);
      SumLanes(lanes.data(), rows, columns, group, sums.data());
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(sums[i], group == 1 ? lanes[i] : lanes[2 * i] + lanes[2 * i + 1]) << i;
      }
      EXPECT_EQ(sums.back(), kUntouched);
    }
  }
}

TEST_P(Pack, TransposesEachTapAndFlipsTheTapsIfAsked) {
  for (const auto& [rows, columns] :
       {std::pair(8, 8), {16, 24}, {8, 64}, {64, 8}, {3, 8}, {13, 19}}) {
    for (const int taps : {1, 9}) {
      for (const bool flip : {false, true}) {
        const std::size_t matrix = std::size_t(rows) * columns;
        const Buffer src = RandomFloats(taps * matrix, 4);
        std::vector<float> dst(taps * matrix + 1, kUntouched);
        TransposeKernel(src.data(), taps, rows, columns, flip, dst.data());
        for (int t = 0; t < taps; ++t) {
          const std::size_t to = (flip ? taps - 1 - t : t) * matrix;
          for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < columns; ++j) {
              ASSERT_EQ(dst[to + j * rows + i], src[t * matrix + i * columns + j])
                  << rows << "x" << columns << ", tap " << t << ", at " << i << ", " << j;
            }
          }
        }
        EXPECT_EQ(dst.back(), kUntouched);
      }
    }
  }
}

}  // namespace
}  // namespace mote::native
