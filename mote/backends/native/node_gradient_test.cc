#include "mote/backends/native/node_gradient.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class SumNodeGradientTest : public OnIsa {};
MOTE_EACH_ISA(SumNodeGradientTest);

struct Window {
  int height = 1;
  int width = 1;
};

struct Case {
  Extent extent;
  int border = -1;  // of the conv part; negative: none
  bool relu = true;
  bool norm = false;  // the ReLU is of a normalised operand
  int skips = 0;
  int pools = 0;
  std::vector<Window> spreads = {};
  bool gradient_sum = false;
  int products = 0;
};

// A call and all its memory.
struct Call {
  explicit Call(const Case& c)
      : spreads(c.spreads.size()), products(c.products), g(c.extent.floats()) {
    const Extent& e = c.extent;
    const std::size_t floats = e.floats();
    std::uint64_t seed = 1;
    const auto fresh = [&](std::size_t count) {
      memory.push_back(RandomFloats(count, seed++));
      return memory.back().data();
    };
    node.extent = e;
    node.relu = c.relu;
    if (c.border >= 0) {
      const std::ptrdiff_t row = (e.width + 2 * c.border) * std::ptrdiff_t(e.pitch);
      const std::ptrdiff_t group = (e.height + 2 * c.border) * row;
      node.conv = {fresh(e.groups * group) + c.border * (row + e.pitch), row, group};
      if (c.relu) node.x = fresh(floats);
      if (c.norm) node.norm = {fresh(e.pitch), fresh(e.pitch), fresh(e.pitch)};
    }
    for (int i = 0; i < c.skips; ++i) skips.push_back(fresh(floats));
    for (int i = 0; i < c.pools; ++i) pools.push_back(fresh(floats));
    for (std::size_t i = 0; i < spreads.size(); ++i) {
      const auto [height, width] = c.spreads[i];
      const std::size_t pooled =
          std::size_t(e.groups) * (e.height / height) * (e.width / width) * e.pitch;
      spreads[i] = {fresh(pooled), height, width};
    }
    for (ProductSum& product : products) product = {fresh(floats), fresh(e.pitch), fresh(e.pitch)};
    if (c.gradient_sum) node.gradient_sum = fresh(e.pitch);
    std::fill(g.begin(), g.end(), 7.0f);
    node.g = g.data();
    node.skips = skips;
    node.pools = pools;
    node.spreads = spreads;
    node.products = products;
  }
  Call(const Call&) = delete;

  std::vector<Buffer> memory;
  std::vector<const float*> skips, pools;
  std::vector<Spread> spreads;
  std::vector<ProductSum> products;
  Buffer g;
  NodeGradient node;
};

struct Exact {
  double value = 0;
  double size = 0;
  void Add(double part) {
    value += part;
    size += std::abs(part);
  }
};

int Neighbours(int at, int count) { return 1 + (at > 0) + (at + 1 < count); }

Exact ExactAt(const NodeGradient& node, int group, int row, int column, int lane) {
  const Extent& e = node.extent;
  const auto at = [&](int r, int c) {
    return group * e.image() + r * e.row() + std::ptrdiff_t(c) * e.pitch + lane;
  };
  Exact exact;
  const auto is_open = [&](double x) {
    const Normalization& norm = node.norm;
    if (norm.scale != nullptr) x = (x - norm.mean[lane]) * norm.scale[lane] + norm.shift[lane];
    return x > 0;
  };
  if (node.conv.data != nullptr && (!node.relu || is_open(node.x[at(row, column)]))) {
    exact.Add(node.conv.data[group * node.conv.group + row * node.conv.row +
                             std::ptrdiff_t(column) * e.pitch + lane]);
  }
  for (const float* skip : node.skips) exact.Add(skip[at(row, column)]);
  for (const float* pool : node.pools) {
    for (int r = std::max(0, row - 1); r <= std::min(e.height - 1, row + 1); ++r) {
      for (int c = std::max(0, column - 1); c <= std::min(e.width - 1, column + 1); ++c) {
        exact.Add(double(pool[at(r, c)]) / (Neighbours(r, e.height) * Neighbours(c, e.width)));
      }
    }
  }
  for (const Spread& spread : node.spreads) {
    const int rows = e.height / spread.height;
    const int columns = e.width / spread.width;
    const int r = row / spread.height;
    const int c = column / spread.width;
    if (r < rows && c < columns) {
      exact.Add(
          double(spread.g[((std::ptrdiff_t(group) * rows + r) * columns + c) * e.pitch + lane]) /
          (spread.height * spread.width));
    }
  }
  return exact;
}

void ExpectGradient(const Case& c) {
  const Extent& e = c.extent;
  SCOPED_TRACE(testing::Message() << e.groups << " x " << e.height << "x" << e.width << "x"
                                  << e.pitch << " border " << c.border << " relu " << c.relu
                                  << " skips " << c.skips << " pools " << c.pools << " spreads "
                                  << c.spreads.size() << " products " << c.products);
  Call setup(c);
  // The sums, with what was there before.
  std::vector<Exact> sums(e.pitch);
  std::vector<std::vector<Exact>> products(c.products, std::vector<Exact>(e.pitch));
  for (int lane = 0; lane < e.pitch; ++lane) {
    if (c.gradient_sum) sums[lane].Add(setup.node.gradient_sum[lane]);
    for (int i = 0; i < c.products; ++i) products[i][lane].Add(setup.products[i].sum[lane]);
  }
  SumNodeGradient(setup.node);
  std::ptrdiff_t at = 0;
  for (int group = 0; group < e.groups; ++group) {
    for (int row = 0; row < e.height; ++row) {
      for (int column = 0; column < e.width; ++column) {
        for (int lane = 0; lane < e.pitch; ++lane, ++at) {
          const Exact exact = ExactAt(setup.node, group, row, column, lane);
          ASSERT_NEAR(setup.g[at], exact.value, 1e-6 * exact.size)
              << group << " " << row << " " << column << " " << lane;
          sums[lane].value += exact.value;
          sums[lane].size += exact.size;
          for (int i = 0; i < c.products; ++i) {
            const ProductSum& product = setup.products[i];
            const double y = double(product.y[at]) - product.mean[lane];
            products[i][lane].value += exact.value * y;
            products[i][lane].size += exact.size * std::abs(y);
          }
        }
      }
    }
  }
  for (int lane = 0; lane < e.pitch; ++lane) {
    if (c.gradient_sum) {
      ASSERT_NEAR(setup.node.gradient_sum[lane], sums[lane].value, 2e-6 * sums[lane].size) << lane;
    }
    for (int i = 0; i < c.products; ++i) {
      ASSERT_NEAR(setup.products[i].sum[lane], products[i][lane].value,
                  2e-6 * products[i][lane].size)
          << i << " " << lane;
    }
  }
}

TEST_P(SumNodeGradientTest, AddsEveryCountOfOperands) {
  for (const Extent& extent : {Extent{2, 4, 4, 16}, Extent{2, 8, 8, 16}, Extent{1, 5, 6, 32}}) {
    for (int conv = 0; conv <= 1; ++conv) {
      for (int skips = 0; skips <= 4; ++skips) {
        for (int pools = 0; pools <= 3; ++pools) {
          for (int products = 0; products <= 4; ++products) {
            ExpectGradient({.extent = extent,
                            .border = conv - 1,
                            .skips = skips,
                            .pools = pools,
                            .gradient_sum = products > 0,
                            .products = products});
          }
        }
      }
    }
  }
}

TEST_P(SumNodeGradientTest, AddsManyOperandsOnEveryShape) {
  for (const Extent& extent : Shapes()) {
    for (const int pools : {0, 16}) {
      ExpectGradient({.extent = extent,
                      .border = 1,
                      .skips = 16,
                      .pools = pools,
                      .spreads = {{extent.height, extent.width}},
                      .gradient_sum = true,
                      .products = 16});
    }
  }
}

TEST_P(SumNodeGradientTest, NormalisesWhatTheReluReads) {
  for (const Extent& extent : Shapes()) {
    for (const int border : {0, 1}) {
      ExpectGradient({.extent = extent, .border = border, .norm = true, .skips = 1});
    }
  }
}

TEST_P(SumNodeGradientTest, TransposesThePoolOnEveryShape) {
  for (const Extent& extent : Shapes()) {
    ExpectGradient({.extent = extent, .pools = 1});
    ExpectGradient({.extent = extent, .border = 1, .skips = 1, .pools = 2, .gradient_sum = true});
  }
}

TEST_P(SumNodeGradientTest, TakesTheConvPartWithAndWithoutReluAndBorder) {
  for (const Extent& extent : Shapes()) {
    for (const int pools : {0, 1}) {
      for (const bool relu : {false, true}) {
        for (const int border : {0, 1}) {
          ExpectGradient({.extent = extent,
                          .border = border,
                          .relu = relu,
                          .skips = 1,
                          .pools = pools,
                          .gradient_sum = true,
                          .products = 1});
        }
      }
    }
  }
}

TEST_P(SumNodeGradientTest, SpreadsOverWindowsOfAnySize) {
  for (const Extent& extent : Shapes()) {
    for (const int pools : {0, 1}) {
      for (int height = 1; height <= std::min(4, extent.height); ++height) {
        for (int width = 1; width <= std::min(4, extent.width); ++width) {
          ExpectGradient({.extent = extent, .pools = pools, .spreads = {{height, width}}});
        }
      }
      // The whole image, and larger than it.
      ExpectGradient({.extent = extent,
                      .border = 0,
                      .pools = pools,
                      .spreads = {{extent.height, extent.width}, {extent.height + 1, 1}},
                      .gradient_sum = true});
    }
  }
}

TEST_P(SumNodeGradientTest, GivesZeroWithoutOperands) { ExpectGradient({.extent = {2, 5, 3, 16}}); }

TEST_P(SumNodeGradientTest, StopsNanOfXAtTheRelu) {
  const Extent extent{1, 4, 4, 16};
  const Buffer conv = RandomFloats(extent.floats(), 1);
  Buffer x = RandomFloats(extent.floats(), 2);
  Buffer g(extent.floats());
  x[20] = std::numeric_limits<float>::quiet_NaN();
  SumNodeGradient({.extent = extent,
                   .conv = {conv.data(), extent.row(), extent.image()},
                   .x = x.data(),
                   .g = g.data()});
  EXPECT_EQ(g[20], 0);
}

TEST_P(SumNodeGradientTest, RepeatsItsBits) {
  const Case c{.extent = {5, 8, 8, 16},
               .border = 1,
               .skips = 2,
               .pools = 1,
               .spreads = {{2, 2}},
               .gradient_sum = true,
               .products = 2};
  Call one(c), two(c);
  SumNodeGradient(one.node);
  SumNodeGradient(two.node);
  EXPECT_EQ(std::memcmp(one.g.data(), two.g.data(), one.g.size() * sizeof(float)), 0);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(std::memcmp(one.products[i].sum, two.products[i].sum, 16 * sizeof(float)), 0);
  }
}

// <P x, g> = <x, P' g>: forward and backward agree on what a pool is.
TEST_P(SumNodeGradientTest, IsTheTransposeOfTheForwardPool) {
  // By the forward kernel's own definition on a shape with every kind of edge.
  const Extent extent{1, 5, 6, 16};
  const Buffer x = RandomFloats(extent.floats(), 1);
  const Buffer g = RandomFloats(extent.floats(), 2);
  Buffer dx(extent.floats());
  const float* pool = g.data();
  SumNodeGradient({.extent = extent, .pools = {&pool, 1}, .g = dx.data()});
  double forward = 0, backward = 0;
  for (int row = 0; row < extent.height; ++row) {
    for (int column = 0; column < extent.width; ++column) {
      for (int lane = 0; lane < extent.pitch; ++lane) {
        double sum = 0;
        for (int r = std::max(0, row - 1); r <= std::min(extent.height - 1, row + 1); ++r) {
          for (int c = std::max(0, column - 1); c <= std::min(extent.width - 1, column + 1); ++c) {
            sum += x[r * extent.row() + c * extent.pitch + lane];
          }
        }
        const std::ptrdiff_t at = row * extent.row() + column * extent.pitch + lane;
        forward += g[at] * sum / (Neighbours(row, 5) * Neighbours(column, 6));
        backward += double(dx[at]) * x[at];
      }
    }
  }
  EXPECT_NEAR(forward, backward, 1e-5);
}

}  // namespace
}  // namespace mote::native
