#include "mote/backends/native/node_sum.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class SumNodeTest : public OnIsa {};
MOTE_EACH_ISA(SumNodeTest);

struct Case {
  Extent extent;
  int normed = 0;
  int skips = 0;
  int pools = 0;
  bool shift = true;
  bool x = true;
  int border = -1;  // of the copy; negative: no copy
  bool relu = false;
  bool sums = false;
};

// A call and all its memory.
struct Call {
  explicit Call(const Case& c) : normed(c.normed), x(c.extent.floats()) {
    const Extent& e = c.extent;
    const std::size_t floats = e.floats();
    std::uint64_t seed = 1;
    const auto fresh = [&](std::size_t count) {
      memory.push_back(RandomFloats(count, seed++));
      return static_cast<const float*>(memory.back().data());
    };
    for (NormedOperand& operand : normed) operand = {fresh(floats), fresh(e.pitch), fresh(e.pitch)};
    for (int i = 0; i < c.skips; ++i) skips.push_back(fresh(floats));
    for (int i = 0; i < c.pools; ++i) pools.push_back(fresh(floats));
    node.extent = e;
    node.normed = normed;
    node.skips = skips;
    node.pools = pools;
    if (c.shift) node.shift = fresh(e.pitch);
    std::fill(x.begin(), x.end(), 7.0f);
    if (c.x) node.x = x.data();
    if (c.border >= 0) {
      const std::ptrdiff_t row = (e.width + 2 * c.border) * std::ptrdiff_t(e.pitch);
      const std::ptrdiff_t group = (e.height + 2 * c.border) * row;
      copy = Buffer(e.groups * group);
      std::fill(copy.begin(), copy.end(), 7.0f);
      node.copy = {copy.data() + c.border * (row + e.pitch), row, group};
      node.relu = c.relu;
    }
    if (c.sums) {
      sum = RandomFloats(e.pitch, 100);
      square = RandomFloats(e.pitch, 101);
      node.sums = {sum.data(), square.data(), fresh(e.pitch)};
    }
  }
  Call(const Call&) = delete;

  std::vector<Buffer> memory;
  std::vector<NormedOperand> normed;
  std::vector<const float*> skips, pools;
  Buffer x, copy, sum, square;
  NodeSum node;
};

// The value and the sum of its parts' absolute values.
struct Exact {
  double value = 0;
  double size = 0;
  void Add(double part) {
    value += part;
    size += std::abs(part);
  }
};

Exact ExactAt(const NodeSum& node, int group, int row, int column, int lane) {
  const Extent& e = node.extent;
  const auto at = [&](int r, int c) {
    return group * e.image() + r * e.row() + std::ptrdiff_t(c) * e.pitch + lane;
  };
  Exact exact;
  if (node.shift != nullptr) exact.Add(node.shift[lane]);
  for (const NormedOperand& operand : node.normed) {
    exact.Add(double(operand.scale[lane]) * operand.y[at(row, column)]);
    exact.Add(-double(operand.scale[lane]) * operand.mean[lane]);
  }
  for (const float* skip : node.skips) exact.Add(skip[at(row, column)]);
  for (const float* pool : node.pools) {
    Exact window;
    int inside = 0;
    for (int r = std::max(0, row - 1); r <= std::min(e.height - 1, row + 1); ++r) {
      for (int c = std::max(0, column - 1); c <= std::min(e.width - 1, column + 1); ++c) {
        window.Add(pool[at(r, c)]);
        ++inside;
      }
    }
    exact.value += window.value / inside;
    exact.size += window.size / inside;
  }
  return exact;
}

void ExpectSum(const Case& c) {
  const Extent& e = c.extent;
  SCOPED_TRACE(testing::Message() << e.groups << " x " << e.height << "x" << e.width << "x"
                                  << e.pitch << " normed " << c.normed << " skips " << c.skips
                                  << " pools " << c.pools << " shift " << c.shift << " x " << c.x
                                  << " border " << c.border << " relu " << c.relu << " sums "
                                  << c.sums);
  Call setup(c);
  std::vector<Exact> sums(e.pitch), squares(e.pitch);
  std::vector<double> before_sum(e.pitch), before_square(e.pitch);
  if (c.sums) {
    std::copy_n(setup.sum.data(), e.pitch, before_sum.data());
    std::copy_n(setup.square.data(), e.pitch, before_square.data());
  }
  SumNode(setup.node);
  Buffer copy(setup.copy.size());
  std::fill(copy.begin(), copy.end(), 7.0f);
  std::ptrdiff_t at = 0;
  for (int group = 0; group < e.groups; ++group) {
    for (int row = 0; row < e.height; ++row) {
      for (int column = 0; column < e.width; ++column) {
        for (int lane = 0; lane < e.pitch; ++lane, ++at) {
          const Exact exact = ExactAt(setup.node, group, row, column, lane);
          const double tolerance = 1e-6 * exact.size;
          if (c.x) {
            ASSERT_NEAR(setup.x[at], exact.value, tolerance)
                << group << " " << row << " " << column << " " << lane;
          } else {
            ASSERT_EQ(setup.x[at], 7);
          }
          if (c.border >= 0) {
            const Pixels& to = setup.node.copy;
            const std::ptrdiff_t index = to.data - setup.copy.data() + group * to.group +
                                         row * to.row + std::ptrdiff_t(column) * e.pitch + lane;
            const double expected = c.relu ? std::max(0.0, exact.value) : exact.value;
            ASSERT_NEAR(setup.copy[index], expected, tolerance);
            copy[index] = setup.copy[index];
          }
          if (c.sums) {
            const double value = exact.value - setup.node.sums.shift[lane];
            sums[lane].Add(value);
            squares[lane].Add(value * value);
          }
        }
      }
    }
  }
  // The border is as it was.
  for (std::size_t i = 0; i < copy.size(); ++i) ASSERT_EQ(setup.copy[i], copy[i]) << i;
  for (int lane = 0; c.sums && lane < e.pitch; ++lane) {
    ASSERT_NEAR(setup.sum[lane], before_sum[lane] + sums[lane].value, 2e-6 * (1 + sums[lane].size));
    ASSERT_NEAR(setup.square[lane], before_square[lane] + squares[lane].value,
                2e-6 * (1 + squares[lane].size));
  }
}

TEST_P(SumNodeTest, AddsEveryCountOfOperands) {
  for (const Extent& extent : {Extent{2, 4, 4, 16}, Extent{2, 8, 8, 16}, Extent{1, 5, 6, 32}}) {
    for (int normed = 0; normed <= 4; ++normed) {
      for (int skips = 0; skips <= 3; ++skips) {
        for (int pools = 0; pools <= 3; ++pools) {
          ExpectSum({.extent = extent, .normed = normed, .skips = skips, .pools = pools});
        }
      }
    }
  }
}

TEST_P(SumNodeTest, AddsManyOperands) {
  for (const Extent& extent : Shapes()) {
    ExpectSum({.extent = extent, .normed = 16, .skips = 16, .pools = 16, .border = 1});
  }
}

TEST_P(SumNodeTest, PoolsEveryShapeWithoutThePadding) {
  for (const Extent& extent : Shapes()) {
    ExpectSum({.extent = extent, .pools = 1, .shift = false});
    ExpectSum({.extent = extent, .normed = 1, .skips = 1, .pools = 2});
  }
}

TEST_P(SumNodeTest, PoolOfOnesIsOne) {
  for (const Extent& extent : Shapes()) {
    Buffer ones(extent.floats()), x(extent.floats());
    std::fill(ones.begin(), ones.end(), 1.0f);
    const float* pool = ones.data();
    SumNode({.extent = extent, .pools = {&pool, 1}, .x = x.data()});
    for (std::ptrdiff_t i = 0; i < extent.floats(); ++i) ASSERT_NEAR(x[i], 1, 1.2e-7) << i;
  }
}

TEST_P(SumNodeTest, WritesCopiesWithAndWithoutReluAndBorder) {
  for (const Extent& extent : Shapes()) {
    for (const int pools : {0, 1}) {
      for (const bool relu : {false, true}) {
        for (const int border : {0, 1}) {
          for (const bool x : {false, true}) {
            ExpectSum({.extent = extent,
                       .normed = 1,
                       .skips = 1,
                       .pools = pools,
                       .x = x,
                       .border = border,
                       .relu = relu});
          }
        }
      }
    }
  }
}

TEST_P(SumNodeTest, AddsMomentsAboutTheShift) {
  for (const Extent& extent : Shapes()) {
    for (const int pools : {0, 2}) {
      ExpectSum({.extent = extent, .normed = 2, .skips = 1, .pools = pools, .sums = true});
      // Moments are those before the ReLU, also where x itself is not stored.
      ExpectSum({.extent = extent,
                 .skips = 2,
                 .pools = pools,
                 .x = false,
                 .border = 1,
                 .relu = true,
                 .sums = true});
    }
  }
}

TEST_P(SumNodeTest, GivesZeroWithoutOperands) {
  ExpectSum({.extent = {2, 5, 3, 16}, .shift = false, .border = 1});
}

TEST_P(SumNodeTest, PassesNanThroughTheRelu) {
  const Extent extent{1, 4, 4, 16};
  Buffer skip = RandomFloats(extent.floats(), 1);
  Buffer copy(extent.floats());
  skip[20] = std::numeric_limits<float>::quiet_NaN();
  const float* operand = skip.data();
  SumNode({.extent = extent,
           .skips = {&operand, 1},
           .copy = {copy.data(), extent.row(), extent.image()},
           .relu = true});
  EXPECT_TRUE(std::isnan(copy[20]));
}

TEST_P(SumNodeTest, RepeatsItsBitsWhateverTheBlock) {
  Case c{.extent = {6, 8, 8, 16}, .normed = 2, .skips = 1, .pools = 1, .border = 1, .relu = true};
  Call one(c), two(c), parts(c);
  SumNode(one.node);
  SumNode(two.node);
  for (int group = 0; group < 6; ++group) {
    NodeSum node = parts.node;
    const std::ptrdiff_t at = group * c.extent.image();
    std::vector<NormedOperand> normed = parts.normed;
    for (NormedOperand& operand : normed) operand.y += at;
    const float* skip = parts.skips[0] + at;
    const float* pool = parts.pools[0] + at;
    node.extent.groups = 1;
    node.normed = normed;
    node.skips = {&skip, 1};
    node.pools = {&pool, 1};
    node.x += at;
    node.copy.data += group * node.copy.group;
    SumNode(node);
  }
  const std::size_t bytes = c.extent.floats() * sizeof(float);
  EXPECT_EQ(std::memcmp(one.x.data(), two.x.data(), bytes), 0);
  EXPECT_EQ(std::memcmp(one.x.data(), parts.x.data(), bytes), 0);
  EXPECT_EQ(std::memcmp(one.copy.data(), parts.copy.data(), one.copy.size() * sizeof(float)), 0);
}

}  // namespace
}  // namespace mote::native
