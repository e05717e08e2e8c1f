#include "mote/backends/native/direct.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class Direct : public OnIsa {};

// Floats that belong to no pixel: none, between the images of source and results, or between the
// rows of the results, too.
enum class Gaps { kNone, kImages, kRows };

struct Case {
  ConvShape shape;  // n: floats of one result, in units of 16
  int results = 1;
  int border = 1;  // of the source, all around
  Gaps gaps = Gaps::kNone;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  const auto add = [&](int groups, int height, int width, int kernel, int stride, int in_channels,
                       int n, int results, Gaps gaps) {
    for (int group : {1, 2}) {
      for (int border : {1, 0}) {
        if (border == 0 && kernel != 1) continue;
        cases.push_back({{.groups = groups,
                          .height = height,
                          .width = width,
                          .kernel = kernel,
                          .stride = stride,
                          .in_channels = in_channels,
                          .group = group,
                          .n = n},
                         results,
                         border,
                         gaps});
      }
    }
  };
  // The engine's: stems, 1x1 and 3x3 of merged convolutions, their gradients, strides.
  for (int side : {4, 8, 16}) {
    add(3, side, side, 3, 1, 3, 1, 1, Gaps::kNone);
    add(3, side, side, 3, 1, 8, 1, 1, Gaps::kNone);
    add(3, side, side, 1, 1, 8, 1, 2, Gaps::kNone);
    add(3, side, side, 1, 1, 16, 1, 3, Gaps::kRows);
  }
  add(2, 4, 4, 3, 1, 16, 1, 3, Gaps::kNone);
  add(2, 4, 4, 1, 1, 48, 1, 1, Gaps::kRows);
  add(1, 4, 4, 1, 1, 192, 4, 1, Gaps::kNone);
  add(2, 4, 4, 3, 2, 16, 2, 1, Gaps::kNone);
  add(2, 4, 4, 1, 2, 16, 2, 2, Gaps::kNone);
  add(1, 4, 4, 3, 1, 32, 2, 2, Gaps::kRows);
  add(1, 8, 8, 3, 1, 24, 5, 1, Gaps::kNone);
  add(3, 2, 5, 1, 1, 8, 1, 1, Gaps::kImages);
  add(3, 2, 5, 1, 1, 8, 1, 3, Gaps::kImages);
  // Odd ones.
  for (int kernel : {1, 3}) {
    for (int stride : {1, 2}) {
      add(1, 1, 1, kernel, stride, 8, 1, 1, Gaps::kNone);
      add(1, 1, 9, kernel, stride, 3, 2, 1, Gaps::kRows);
      add(5, 3, 1, kernel, stride, 8, 3, 1, Gaps::kNone);
      add(7, 2, 2, kernel, stride, 8, 1, 3, Gaps::kRows);
      add(2, 5, 7, kernel, stride, 9, 1, 1, Gaps::kNone);
      add(2, 7, 6, kernel, stride, 8, 1, 2, Gaps::kRows);
      add(3, 3, 3, kernel, stride, 5, 2, 1, Gaps::kNone);
    }
  }
  return cases;
}

// Arrays of one case, and where to find their floats.
struct Data {
  Data(const Case& c, int n_unit) : shape(c.shape), results(c.results) {
    result_n = shape.n * n_unit;
    shape.n = result_n * results;
    src_pixel = shape.in_channels * shape.group;
    const int height = (shape.height - 1) * shape.stride + 1 + 2 * c.border;
    const int width = (shape.width - 1) * shape.stride + 1 + 2 * c.border;
    const std::ptrdiff_t row = std::ptrdiff_t(width) * src_pixel;
    const std::ptrdiff_t src_image = height * row + 16 * (c.gaps != Gaps::kNone);
    src_floats = RandomFloats(shape.groups * src_image, 1);
    const int start = shape.kernel == 1 ? c.border : 0;
    src = ConstPixels(src_floats.data() + start * (row + src_pixel), row, src_image);
    weights =
        RandomFloats(std::size_t(shape.kernel) * shape.kernel * shape.in_channels * shape.n, 2);
    for (int r = 0; r < results; ++r) {
      const std::ptrdiff_t result_row =
          std::ptrdiff_t(shape.width) * result_n + 16 * (c.gaps == Gaps::kRows);
      const std::ptrdiff_t image = shape.height * result_row + 32 * (c.gaps != Gaps::kNone);
      floats.push_back(RandomFloats(shape.groups * image, 3 + r));
      before.push_back(RandomFloats(shape.groups * image, 3 + r));
      sums.push_back(RandomFloats(2 * result_n, 13 + r));
      shifts.push_back(RandomFloats(result_n, 23 + r));
      pixels.push_back({floats[r].data(), result_row, image});
    }
  }

  std::vector<ConvResult> Results(bool with_sums) const {
    std::vector<ConvResult> list(results);
    for (int r = 0; r < results; ++r) {
      list[r].pixels = pixels[r];
      // The last of several goes without.
      if (!with_sums || (r > 0 && r == results - 1)) continue;
      list[r].sums = {sums[r].data(), sums[r].data() + result_n, shifts[r].data()};
    }
    return list;
  }

  std::ptrdiff_t At(const ConstPixels& of, int group, int y, int x, int pixel) const {
    return group * of.group + y * of.row + std::ptrdiff_t(x) * pixel;
  }

  // src[stride p + tap][i] of the image in lane `column`.
  double Source(int group, int y, int x, int tap, int i, int column) const {
    return src.data[At(src, group, y * shape.stride + tap / shape.kernel,
                       x * shape.stride + tap % shape.kernel, src_pixel) +
                    i * shape.group + column % shape.group];
  }

  double Expected(int group, int y, int x, int r, int column, double* magnitude) const {
    double sum = 0;
    for (int tap = 0; tap < shape.kernel * shape.kernel; ++tap) {
      for (int i = 0; i < shape.in_channels; ++i) {
        const double product =
            Source(group, y, x, tap, i, column) *
            weights[(std::size_t(tap) * shape.in_channels + i) * shape.n + r * result_n + column];
        sum += product;
        *magnitude += std::abs(product);
      }
    }
    return sum;
  }

  std::string Name() const {
    return fmt::format("{} groups {}x{}, kernel {}, stride {}, in_channels {}, group {}, {} x {}",
                       shape.groups, shape.height, shape.width, shape.kernel, shape.stride,
                       shape.in_channels, shape.group, results, result_n);
  }

  ConvShape shape;
  int results;
  int result_n;
  int src_pixel;
  Buffer src_floats, weights;
  ConstPixels src;
  std::vector<Buffer> floats, before, sums, shifts;
  std::vector<Pixels> pixels;
};

// Every result within 1e-6 of the sum of magnitudes of what is added, gaps untouched.
void ExpectResults(const Data& data, bool add) {
  const ConvShape& shape = data.shape;
  for (int r = 0; r < data.results; ++r) {
    std::vector<bool> written(data.floats[r].size());
    for (int group = 0; group < shape.groups; ++group) {
      for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x) {
          const std::ptrdiff_t at = data.At(data.pixels[r], group, y, x, data.result_n);
          for (int column = 0; column < data.result_n; ++column) {
            double magnitude = 0;
            double expected = data.Expected(group, y, x, r, column, &magnitude);
            if (add) {
              expected += data.before[r][at + column];
              magnitude += std::abs(data.before[r][at + column]);
            }
            ASSERT_NEAR(data.floats[r][at + column], expected, 1e-6 * magnitude)
                << data.Name() << ", result " << r << " at " << group << ", " << y << ", " << x;
            written[at + column] = true;
          }
        }
      }
    }
    for (std::size_t at = 0; at < written.size(); ++at) {
      if (!written[at]) {
        ASSERT_EQ(data.floats[r][at], data.before[r][at]) << data.Name();
      }
    }
  }
}

// Sums within 1e-6 of the sum of magnitudes, of the results as they were written.
void ExpectSums(const Data& data) {
  const ConvShape& shape = data.shape;
  const std::vector<ConvResult> results = data.Results(true);
  for (int r = 0; r < data.results; ++r) {
    const Buffer before = RandomFloats(2 * data.result_n, 13 + r);
    for (int column = 0; column < data.result_n; ++column) {
      double sum = before[column], square = before[data.result_n + column];
      double magnitude = std::abs(sum), square_magnitude = std::abs(square);
      for (int group = 0; group < shape.groups && results[r].sums.sum != nullptr; ++group) {
        for (int y = 0; y < shape.height; ++y) {
          for (int x = 0; x < shape.width; ++x) {
            const double value =
                data.floats[r][data.At(data.pixels[r], group, y, x, data.result_n) + column];
            const double moved = value - data.shifts[r][column];
            sum += moved;
            magnitude += std::abs(moved);
            square += moved * moved;
            square_magnitude += moved * moved;
          }
        }
      }
      ASSERT_NEAR(data.sums[r][column], sum, 1e-6 * magnitude) << data.Name();
      ASSERT_NEAR(data.sums[r][data.result_n + column], square, 1e-6 * square_magnitude)
          << data.Name();
    }
  }
}

TEST_P(Direct, WritesResultsAndTheirSums) {
  for (const Case& c : Cases()) {
    Data data(c, 16);
    Convolve(data.shape, data.src, data.weights.data(), data.Results(true), false);
    ExpectResults(data, false);
    ExpectSums(data);
  }
}

TEST_P(Direct, AddsToWhatIsThere) {
  for (const Case& c : Cases()) {
    Data data(c, 16);
    Convolve(data.shape, data.src, data.weights.data(), data.Results(false), true);
    ExpectResults(data, true);
  }
}

// One result vector and more, whatever the length of a vector.
TEST_P(Direct, TakesEveryNumberOfVectors) {
  for (int vectors = 1; vectors <= 7; ++vectors) {
    for (int results : {1, 2, 3}) {
      const Case c = {{.groups = 2,
                       .height = 3,
                       .width = 6,
                       .kernel = 3,
                       .stride = 1,
                       .in_channels = 8,
                       .group = 1,
                       .n = vectors},
                      results,
                      1,
                      Gaps::kRows};
      Data data(c, Lanes());
      Convolve(data.shape, data.src, data.weights.data(), data.Results(true), false);
      ExpectResults(data, false);
      ExpectSums(data);
    }
  }
}

TEST_P(Direct, AccumulatesTheGradientToTheKernel) {
  for (Case c : Cases()) {
    c.results = 1;
    Data data(c, 16);
    const ConvShape& shape = data.shape;
    Buffer dw = RandomFloats(data.weights.size(), 4);
    const Buffer before = RandomFloats(data.weights.size(), 4);
    ConvolveKernelGradient(shape, data.src, data.pixels[0], dw.data());
    std::size_t at = 0;
    for (int tap = 0; tap < shape.kernel * shape.kernel; ++tap) {
      for (int i = 0; i < shape.in_channels; ++i) {
        for (int column = 0; column < shape.n; ++column, ++at) {
          double sum = before[at];
          double magnitude = std::abs(sum);
          for (int group = 0; group < shape.groups; ++group) {
            for (int y = 0; y < shape.height; ++y) {
              for (int x = 0; x < shape.width; ++x) {
                const double product =
                    data.Source(group, y, x, tap, i, column) *
                    data.floats[0][data.At(data.pixels[0], group, y, x, shape.n) + column];
                sum += product;
                magnitude += std::abs(product);
              }
            }
          }
          ASSERT_NEAR(dw[at], sum, 1e-6 * magnitude) << data.Name() << ", tap " << tap;
        }
      }
    }
  }
}

// Centre tap 2, tap (0, 1) -1: y = 2 x - the pixel above, by hand.
TEST_P(Direct, SeesTheSourceAboveAndInTheMiddle) {
  const int lanes = Lanes();
  Buffer src(4 * 4), weights(9 * lanes), y(4 * lanes);
  const float image[16] = {0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0};
  std::memcpy(src.data(), image, sizeof(image));
  std::fill_n(weights.data() + 1 * lanes, lanes, -1.0f);
  std::fill_n(weights.data() + 4 * lanes, lanes, 2.0f);
  const ConvShape shape = {.groups = 1,
                           .height = 2,
                           .width = 2,
                           .kernel = 3,
                           .stride = 1,
                           .in_channels = 1,
                           .group = 1,
                           .n = lanes};
  const ConvResult result = {{y.data(), 2 * lanes, 4 * lanes}, {}};
  Convolve(shape, ConstPixels(src.data(), 4, 16), weights.data(), {&result, 1}, false);
  for (int lane = 0; lane < lanes; ++lane) {
    EXPECT_EQ(y[lane], 2);
    EXPECT_EQ(y[lanes + lane], 4);
    EXPECT_EQ(y[2 * lanes + lane], 5);
    EXPECT_EQ(y[3 * lanes + lane], 6);
  }
}

TEST_P(Direct, RepeatsBitForBit) {
  const Case c = {{.groups = 3,
                   .height = 5,
                   .width = 7,
                   .kernel = 3,
                   .stride = 1,
                   .in_channels = 8,
                   .group = 2,
                   .n = 1},
                  3,
                  1,
                  Gaps::kNone};
  Data first(c, 16), second(c, 16);
  for (const Data* data : {&first, &second}) {
    Convolve(data->shape, data->src, data->weights.data(), data->Results(true), false);
  }
  for (int r = 0; r < 3; ++r) {
    EXPECT_TRUE(std::ranges::equal(first.floats[r], second.floats[r]));
    EXPECT_TRUE(std::ranges::equal(first.sums[r], second.sums[r]));
  }
}

MOTE_EACH_ISA(Direct);

}  // namespace
}  // namespace mote::native
