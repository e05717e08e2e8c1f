#include "mote/backends/native/norm_gradient.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class NormGradientTest : public OnIsa {};
MOTE_EACH_ISA(NormGradientTest);

struct Case {
  Extent extent;
  int border = 0;  // pixels around g and y
  int dst_pitch = 16;
  int column = 0;
  int spacing = 1;
  bool masked = false;
};

// A block with a border on all sides.
struct Bordered {
  Bordered(const Extent& extent, int border, int pitch, float fill)
      : row((extent.width + 2 * border) * std::ptrdiff_t(pitch)),
        group((extent.height + 2 * border) * row),
        values(extent.groups * group),
        first(border * (row + pitch)) {
    std::fill(values.begin(), values.end(), fill);
  }

  Pixels pixels() const { return {values.data() + first, row, group}; }

  std::ptrdiff_t row, group;
  Buffer values;
  std::ptrdiff_t first;
};

void ExpectGradient(const Case& c) {
  const Extent& e = c.extent;
  SCOPED_TRACE(testing::Message() << e.groups << " x " << e.height << "x" << e.width << "x"
                                  << e.pitch << " column " << c.column << " of " << c.dst_pitch
                                  << " spacing " << c.spacing << " masked " << c.masked);
  Bordered g(e, c.border, e.pitch, 0), y(e, c.border, e.pitch, 0);
  g.values = RandomFloats(g.values.size(), 1);
  y.values = RandomFloats(y.values.size(), 2);
  const Buffer scale = RandomFloats(e.pitch, 3);
  const Buffer slope = RandomFloats(e.pitch, 4);
  const Buffer mean_g = RandomFloats(e.pitch, 5);
  const Buffer mean_y = RandomFloats(e.pitch, 6);
  Buffer mask(e.pitch);
  for (int i = 0; i < e.pitch; ++i) mask[i] = i % 2 == 0;

  const Extent spaced{e.groups, (e.height - 1) * c.spacing + 1, (e.width - 1) * c.spacing + 1,
                      c.dst_pitch};
  Bordered dst(spaced, 1, c.dst_pitch, 7);
  Bordered expected(spaced, 1, c.dst_pitch, 7);
  ApplyNormGradient(
      e, g.pixels(), y.pixels(), {scale.data(), slope.data(), mean_g.data(), mean_y.data()},
      c.masked ? mask.data() : nullptr, dst.pixels(), c.dst_pitch, c.column, c.spacing);
  for (int group = 0; group < e.groups; ++group) {
    for (int row = 0; row < e.height; ++row) {
      for (int column = 0; column < e.width; ++column) {
        for (int lane = 0; lane < e.pitch; ++lane) {
          const std::ptrdiff_t from = group * g.group + row * g.row + column * e.pitch + lane;
          const double value =
              double(scale[lane]) * (double(g.pixels().data[from]) - mean_g[lane]) +
              double(slope[lane]) * (double(y.pixels().data[from]) - mean_y[lane]);
          expected.pixels().data[group * dst.group + row * c.spacing * dst.row +
                                 column * c.spacing * c.dst_pitch + c.column + lane] =
              c.masked ? float(value * mask[lane]) : float(value);
        }
      }
    }
  }
  for (std::size_t i = 0; i < dst.values.size(); ++i) {
    ASSERT_NEAR(dst.values[i], expected.values[i], 1e-6) << i;
  }
}

TEST_P(NormGradientTest, WeighsTheDistancesFromTheMeans) {
  for (const bool masked : {false, true}) {
    ExpectGradient({.extent = {3, 4, 4, 16}, .masked = masked});
    ExpectGradient({.extent = {40, 4, 4, 16}, .masked = masked});
    ExpectGradient({.extent = {2, 8, 8, 32}, .border = 1, .dst_pitch = 32, .masked = masked});
    ExpectGradient({.extent = {2, 5, 7, 16}, .border = 1, .masked = masked});
    ExpectGradient({.extent = {1, 1, 1, 16}, .masked = masked});
    ExpectGradient({.extent = {1, 1, 9, 48}, .dst_pitch = 48, .masked = masked});
  }
}

TEST_P(NormGradientTest, WritesItsColumnsOnly) {
  ExpectGradient({.extent = {2, 4, 4, 16}, .dst_pitch = 48, .column = 16});
  ExpectGradient({.extent = {2, 3, 5, 16}, .border = 2, .dst_pitch = 48, .column = 32});
}

TEST_P(NormGradientTest, LeavesTheGapsOfAStride) {
  ExpectGradient({.extent = {2, 4, 4, 16}, .dst_pitch = 16, .spacing = 2});
  ExpectGradient({.extent = {2, 3, 5, 16},
                  .border = 1,
                  .dst_pitch = 32,
                  .column = 16,
                  .spacing = 2,
                  .masked = true});
  ExpectGradient({.extent = {1, 2, 2, 16}, .dst_pitch = 16, .spacing = 3});
}

TEST_P(NormGradientTest, TakesTheSmallestPitchOfAVector) {
  const int pitch = std::max(8, Lanes());
  ExpectGradient({.extent = {2, 4, 6, pitch}, .dst_pitch = pitch});
}

}  // namespace
}  // namespace mote::native
