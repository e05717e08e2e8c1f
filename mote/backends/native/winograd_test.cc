// Each transform against its matrices in double. Whole convolutions: winograd_conv_test.cc.
#include "mote/backends/native/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "mote/backends/native/test_images.h"
#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

// B', A' and G of the points 0, r, -r, 1/r, -1/r and infinity, with r = sqrt(1/2) and scaled rows.
constexpr double kR = 0.707106781186547524;
constexpr double kSource[6][6] = {{1, 0, -2.5, 0, 1, 0},        {0, -kR, -1, kR / 2, 0.5, 0},
                                  {0, kR, -1, -kR / 2, 0.5, 0}, {0, -0.5, -kR / 2, 1, kR, 0},
                                  {0, 0.5, -kR / 2, -1, kR, 0}, {0, 1, 0, -2.5, 0, 1}};
constexpr double kResult[4][6] = {{1, 2 * kR, 2 * kR, 0.5, 0.5, 0},
                                  {0, 1, -1, kR, -kR, 0},
                                  {0, kR, kR, 1, 1, 0},
                                  {0, 0.5, -0.5, 2 * kR, -2 * kR, 1}};
constexpr double kKernel[6][3] = {{1, 0, 0},
                                  {-4 * kR / 3, -2.0 / 3, -2 * kR / 3},
                                  {-4 * kR / 3, 2.0 / 3, -2 * kR / 3},
                                  {2 * kR / 3, 2.0 / 3, 4 * kR / 3},
                                  {2 * kR / 3, -2.0 / 3, 4 * kR / 3},
                                  {0, 0, 1}};

// Rounding errors of one transform, relative to the sum of the absolute values that it adds.
constexpr double kTolerance = 8 * 0x1p-24;

// A value, and the sum of the absolute values of its terms.
struct Exact {
  double value = 0;
  double magnitude = 0;

  void Add(double term) {
    value += term;
    magnitude += std::abs(term);
  }
  void Add(const Exact& other) {
    value += other.value;
    magnitude += other.magnitude;
  }
};

// left x left', for square x of row-major doubles; left is [rows][columns] or, transposed, its
// transpose.
template <int kRows, int kColumns>
std::vector<Exact> Sandwich(const double (&left)[kRows][kColumns], bool transposed,
                            const std::vector<double>& x) {
  const int to = transposed ? kColumns : kRows;
  const int from = transposed ? kRows : kColumns;
  const auto at = [&](int i, int j) { return transposed ? left[j][i] : left[i][j]; };
  std::vector<Exact> result(to * to);
  for (int i = 0; i < to; ++i) {
    for (int j = 0; j < to; ++j) {
      for (int k = 0; k < from; ++k) {
        for (int l = 0; l < from; ++l) {
          result[i * to + j].Add(at(i, k) * x[k * from + l] * at(j, l));
        }
      }
    }
  }
  return result;
}

void ExpectNear(double actual, const Exact& exact, const std::string& where) {
  EXPECT_LE(std::abs(actual - exact.value), kTolerance * exact.magnitude)
      << where << ": " << actual << " for " << exact.value;
}

// Those of these pitches that are whole vectors.
std::vector<Extent> Extents() {
  std::vector<Extent> extents;
  for (const Extent& extent :
       {Extent{1, 4, 4, 16}, Extent{5, 4, 4, 32}, Extent{3, 4, 4, 8}, Extent{2, 8, 8, 16},
        Extent{2, 8, 12, 48}, Extent{1, 4, 8, 8}, Extent{1, 12, 4, 16}, Extent{1, 32, 32, 16}}) {
    if (extent.pitch % Lanes() == 0) extents.push_back(extent);
  }
  return extents;
}

std::string Name(const Extent& extent, int tile, int index, int lane) {
  return std::to_string(extent.height) + "x" + std::to_string(extent.width) + " pitch " +
         std::to_string(extent.pitch) + " tile " + std::to_string(tile) + " value " +
         std::to_string(index) + " lane " + std::to_string(lane);
}

bool BitsEqual(const Buffer& a, const Buffer& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class Winograd : public OnIsa {};
MOTE_EACH_ISA(Winograd);

TEST_P(Winograd, SourcePointsAreThoseOfTheMatrices) {
  for (const Extent& extent : Extents()) {
    // Around the images nothing may be read.
    const Images src(extent, 1, kNan, 1);
    const Buffer scale = RandomFloats(extent.pitch, 3);
    const Buffer mean = RandomFloats(extent.pitch, 4);
    const Buffer shift = RandomFloats(extent.pitch, 5);
    const Normalization norm = {scale.data(), mean.data(), shift.data()};
    const SourceForm forms[] = {{}, {.relu = true}, {.norm = norm}, {.norm = norm, .relu = true}};
    for (const SourceForm& form : forms) {
      const int tiles = TilesOf(extent);
      const Points v(tiles, extent.pitch, 2);
      InChunks(extent, 3, [&](const TileRange& range, int first) {
        TransformSource(range, src.pixels(), extent.pitch, form, v.From(first));
      });
      for (int tile = 0; tile < tiles; ++tile) {
        const Place at = PlaceOf(extent, tile);
        for (int lane = 0; lane < extent.pitch; ++lane) {
          std::vector<double> d(36);
          double rounded = 0;
          for (int i = 0; i < 36; ++i) {
            const int y = at.y + i / 6 - 1;
            const int x = at.x + i % 6 - 1;
            d[i] = src.Value(at.n, y, x, lane);
            const bool inside = 0 <= y && y < extent.height && 0 <= x && x < extent.width;
            if (form.norm.scale != nullptr && inside) {
              d[i] = (d[i] - mean[lane]) * scale[lane] + shift[lane];
              rounded = 3;  // what is normalised is no larger
            }
            if (form.relu) d[i] = std::max(d[i], 0.0);
          }
          std::vector<Exact> exact = Sandwich(kSource, false, d);
          for (int xi = 0; xi < 36; ++xi) {
            exact[xi].magnitude += rounded;
            ExpectNear(v.At(xi, tile, lane), exact[xi], Name(extent, tile, xi, lane));
          }
        }
      }
    }
  }
}

TEST_P(Winograd, SourceKeepsWhatIsNotANumber) {
  const Extent extent{1, 4, 4, 16};
  const Images src(extent, 0, 0, 1);
  src.At(0, 1, 1, 3) = kNan;
  const Points v(1, extent.pitch, 2);
  TransformSource({4, 4, 0, 1}, src.pixels(), extent.pitch, {.relu = true}, v.From(0));
  EXPECT_TRUE(std::isnan(v.At(7, 0, 3)));
  EXPECT_FALSE(std::isnan(v.At(7, 0, 2)));
}

TEST_P(Winograd, ResultsAreThoseOfTheMatricesAndSummed) {
  for (const Extent& extent : Extents()) {
    const int tiles = TilesOf(extent);
    const int column = extent.pitch;
    const Points m(tiles, 3 * extent.pitch, 1);
    const Images dst(extent, 1, -7, 2);
    const Images unsummed(extent, 0, 0, 3);
    const Buffer shift = RandomFloats(extent.pitch, 4);
    const Buffer before = RandomFloats(extent.pitch, 5);
    const Buffer sum = RandomFloats(extent.pitch, 5);
    const Buffer square = RandomFloats(extent.pitch, 5);
    InChunks(extent, 3, [&](const TileRange& range, int first) {
      TransformResult(range, m.From(first), column, extent.pitch, dst.pixels(),
                      {sum.data(), square.data(), shift.data()});
      TransformResult(range, m.From(first), column, extent.pitch, unsummed.pixels(), {});
    });
    for (int lane = 0; lane < extent.pitch; ++lane) {
      Exact exact_sum{before[lane], std::abs(before[lane])};
      Exact exact_square = exact_sum;
      for (int tile = 0; tile < tiles; ++tile) {
        const Place at = PlaceOf(extent, tile);
        std::vector<double> points(36);
        for (int xi = 0; xi < 36; ++xi) points[xi] = m.At(xi, tile, column + lane);
        const std::vector<Exact> exact = Sandwich(kResult, false, points);
        for (int i = 0; i < 16; ++i) {
          const double y = dst.At(at.n, at.y + i / 4, at.x + i % 4, lane);
          ExpectNear(y, exact[i], Name(extent, tile, i, lane));
          EXPECT_EQ(y, unsummed.At(at.n, at.y + i / 4, at.x + i % 4, lane));
          exact_sum.Add(y - shift[lane]);
          exact_square.Add((y - shift[lane]) * (y - shift[lane]));
        }
      }
      ExpectNear(sum[lane], exact_sum, Name(extent, -1, 0, lane));
      ExpectNear(square[lane], exact_square, Name(extent, -1, 1, lane));
    }
    for (int x = -1; x <= extent.width; ++x) {
      EXPECT_EQ(dst.At(0, -1, x, 0), -7);
      EXPECT_EQ(dst.At(0, extent.height, x, 0), -7);
    }
  }
}

TEST_P(Winograd, ResultGradientPointsAreThoseOfTheNormalisedGradient) {
  for (const Extent& extent : Extents()) {
    const int tiles = TilesOf(extent);
    const int column = extent.pitch;
    const Images g(extent, 0, 0, 1);
    const Images y(extent, 1, kNan, 2);
    const Buffer norm = RandomFloats(4 * extent.pitch, 3);
    Buffer mask(extent.pitch);
    for (int lane = 0; lane < extent.pitch; ++lane) mask[lane] = float(lane % 2 == 0);
    for (const bool masked : {false, true}) {
      const Points dm(tiles, 3 * extent.pitch, 4);
      const Points before(tiles, 3 * extent.pitch, 4);
      InChunks(extent, 3, [&](const TileRange& range, int first) {
        TransformResultGradient(range, g.pixels(), y.pixels(),
                                {norm.data(), norm.data() + extent.pitch,
                                 norm.data() + 2 * extent.pitch, norm.data() + 3 * extent.pitch},
                                masked ? mask.data() : nullptr, extent.pitch, column,
                                dm.From(first));
      });
      for (int tile = 0; tile < tiles; ++tile) {
        const Place at = PlaceOf(extent, tile);
        for (int lane = 0; lane < extent.pitch; ++lane) {
          std::vector<double> dy(16);
          std::vector<double> magnitude(16);
          for (int i = 0; i < 16; ++i) {
            const double scale = norm[lane];
            const double slope = norm[extent.pitch + lane];
            const double mean_g = norm[2 * extent.pitch + lane];
            const double mean_y = norm[3 * extent.pitch + lane];
            const double at_g = g.At(at.n, at.y + i / 4, at.x + i % 4, lane);
            const double at_y = y.At(at.n, at.y + i / 4, at.x + i % 4, lane);
            const double factor = masked ? mask[lane] : 1;
            dy[i] = factor * (scale * (at_g - mean_g) + slope * (at_y - mean_y));
            magnitude[i] = factor * (std::abs(scale) * (std::abs(at_g) + std::abs(mean_g)) +
                                     std::abs(slope) * (std::abs(at_y) + std::abs(mean_y)));
          }
          std::vector<Exact> exact = Sandwich(kResult, true, dy);
          const std::vector<Exact> bound = Sandwich(kResult, true, magnitude);
          for (int xi = 0; xi < 36; ++xi) {
            exact[xi].magnitude = bound[xi].magnitude;
            ExpectNear(dm.At(xi, tile, column + lane), exact[xi], Name(extent, tile, xi, lane));
            EXPECT_EQ(dm.At(xi, tile, lane), before.At(xi, tile, lane));
            EXPECT_EQ(dm.At(xi, tile, 2 * column + lane), before.At(xi, tile, 2 * column + lane));
          }
        }
      }
    }
  }
}

TEST_P(Winograd, SourceGradientsOfTilesAddUp) {
  for (const Extent& extent : Extents()) {
    const bool whole = extent.height == 4 && extent.width == 4;
    const int tiles = TilesOf(extent);
    const Points dv(tiles, extent.pitch, 1);
    const Images dst(extent, 1, 3, 2);
    const Images before(extent, 1, 3, 2);
    InChunks(extent, 3, [&](const TileRange& range, int first) {
      TransformSourceGradient(range, dv.From(first), extent.pitch, dst.pixels());
    });
    for (int lane = 0; lane < extent.pitch; ++lane) {
      const int width = extent.width + 2;
      const int image = (extent.height + 2) * width;
      std::vector<Exact> exact(extent.groups * image);
      for (int tile = 0; tile < tiles; ++tile) {
        const Place at = PlaceOf(extent, tile);
        std::vector<double> points(36);
        for (int xi = 0; xi < 36; ++xi) points[xi] = dv.At(xi, tile, lane);
        const std::vector<Exact> d = Sandwich(kSource, true, points);
        for (int i = 0; i < 36; ++i) {
          exact[at.n * image + (at.y + i / 6) * width + at.x + i % 6].Add(d[i]);
        }
      }
      for (int n = 0; n < extent.groups; ++n) {
        for (int y = -1; y <= extent.height; ++y) {
          for (int x = -1; x <= extent.width; ++x) {
            Exact& pixel = exact[n * image + (y + 1) * width + x + 1];
            const float old = before.At(n, y, x, lane);
            if (whole && !dst.Inside(y, x)) pixel = {old, 0};
            if (!whole) pixel.Add(old);
            ExpectNear(dst.At(n, y, x, lane), pixel, Name(extent, n, y * 100 + x, lane));
          }
        }
      }
    }
  }
}

TEST_P(Winograd, KernelTransformsAreThoseOfTheMatrices) {
  for (const int group : {1, 2}) {
    for (const auto& [rows, columns] : {std::pair{1, 8}, {3, 8}, {8, 8}, {2, 16}, {5, 24}}) {
      const int size = rows * columns;
      const Buffer w = RandomFloats(9 * size, 1);
      const Buffer du = RandomFloats(36 * size * group, 2);
      const Buffer u(36 * size * group + 1);
      const Buffer dw(9 * size + 1);
      TransformKernel(w.data(), rows, columns, group, u.data());
      TransformKernelGradient(du.data(), rows, columns, group, dw.data());
      EXPECT_EQ(u[36 * size * group], 0);
      EXPECT_EQ(dw[9 * size], 0);
      const Extent name{0, rows, columns, group};
      for (int i = 0; i < size; ++i) {
        std::vector<double> weights(9);
        for (int k = 0; k < 9; ++k) weights[k] = w[k * size + i];
        const std::vector<Exact> points = Sandwich(kKernel, false, weights);
        std::vector<double> sums(36);
        double largest = 0;
        for (int xi = 0; xi < 36; ++xi) {
          for (int lane = 0; lane < group; ++lane) {
            const int at = (xi * size + i) * group + lane;
            ExpectNear(u[at], points[xi], Name(name, i, xi, lane));
            sums[xi] += du[at];
            largest = std::max(largest, std::abs(double(du[at])));
          }
        }
        std::vector<Exact> exact = Sandwich(kKernel, true, sums);
        for (int k = 0; k < 9; ++k) {
          // The lanes' sum may cancel.
          exact[k].magnitude += largest;
          ExpectNear(dw[k * size + i], exact[k], Name(name, i, k, 0));
        }
      }
    }
  }
}

TEST_P(Winograd, GivesTheSameBitsTwice) {
  const Extent extent{3, 8, 8, 16};
  const int tiles = TilesOf(extent);
  const Images src(extent, 1, 0, 1);
  const TileRange range{extent.height, extent.width, 0, tiles};
  const Points a(tiles, extent.pitch, 2);
  const Points b(tiles, extent.pitch, 3);
  TransformSource(range, src.pixels(), extent.pitch, {.relu = true}, a.From(0));
  InChunks(extent, 5, [&](const TileRange& part, int first) {
    TransformSource(part, src.pixels(), extent.pitch, {.relu = true}, b.From(first));
  });
  for (int xi = 0; xi < 36; ++xi) {
    for (int i = 0; i < tiles * extent.pitch; ++i) EXPECT_EQ(a.At(xi, 0, i), b.At(xi, 0, i));
  }
  const Images to(extent, 1, 0, 4);
  const Images again(extent, 1, 0, 4);
  TransformSourceGradient(range, a.From(0), extent.pitch, to.pixels());
  TransformSourceGradient(range, a.From(0), extent.pitch, again.pixels());
  EXPECT_TRUE(BitsEqual(to.data(), again.data()));
}

}  // namespace
}  // namespace mote::native
