#include "mote/backends/native/node_gradient.h"

#include <array>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/node_gradient.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/backends/native/window-inl.h"
#include "mote/base/check.h"

#ifndef MOTE_BACKENDS_NATIVE_NODE_GRADIENT_ONCE_
#define MOTE_BACKENDS_NATIVE_NODE_GRADIENT_ONCE_
namespace mote::native {
namespace {

constexpr std::size_t kMaxSpreads = 16;

// A Spread with what all pixels share.
struct PreparedSpread {
  const float* g = nullptr;
  int height = 1;
  int width = 1;
  int rows = 0;  // of pooled pixels
  int columns = 0;
  float factor = 1;
  // 2^32 / side, rounded up: divides numbers below 2^16 exactly.
  std::uint64_t row_divider = 0;
  std::uint64_t column_divider = 0;

  int PooledRow(int row) const { return int(std::uint64_t(row) * row_divider >> 32); }
  int PooledColumn(int column) const { return int(std::uint64_t(column) * column_divider >> 32); }
};

struct PreparedSpreads {
  PreparedSpreads(const Extent& extent, std::span<const Spread> spreads) : count(spreads.size()) {
    MOTE_CHECK(count <= kMaxSpreads && extent.height < 65536 && extent.width < 65536);
    for (std::size_t i = 0; i < count; ++i) {
      const Spread& from = spreads[i];
      MOTE_CHECK(from.height >= 1 && from.width >= 1);
      const auto divider = [](int side) { return ((std::uint64_t(1) << 32) + side - 1) / side; };
      all[i] = {from.g,
                from.height,
                from.width,
                extent.height / from.height,
                extent.width / from.width,
                1.0f / float(from.height * from.width),
                divider(from.height),
                divider(from.width)};
    }
  }

  const PreparedSpread* begin() const { return all.data(); }
  const PreparedSpread* end() const { return all.data() + count; }

  std::size_t count;
  std::array<PreparedSpread, kMaxSpreads> all;
};

}  // namespace
}  // namespace mote::native
#endif

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

template <int kPitch>
class GradientKernel {
 public:
  HWY_INLINE GradientKernel(const NodeGradient& node, const PreparedSpreads& spreads)
      : node_(node), spreads_(spreads) {}

  HWY_INLINE V Start(int) const { return hn::Zero(D()); }

  template <int kPixels, int kColumns, bool kStarted>
  HWY_INLINE void Finish(const Place& place, V (&g)[kPixels]) const {
    const D d;
    if (node_.conv.data != nullptr) {
      AddConv<kPixels, kColumns, kStarted>(place, g);
    } else if (!kStarted) {
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) g[p] = hn::Zero(d);
    }
    for (const float* operand : node_.skips) {
      const float* HWY_RESTRICT skip = operand + place.dense;
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) g[p] = hn::Add(g[p], hn::Load(d, skip + p * pitch()));
    }
    for (const PreparedSpread& spread : spreads_) {
#pragma GCC unroll 4
      for (int row = 0; row < kPixels / kColumns; ++row) {
        AddSpread<kColumns>(spread, place, row, g + row * kColumns);
      }
    }
    if (node_.gradient_sum != nullptr) AddGradientSum<kPixels>(place, g);
    for (const ProductSum& product : node_.products) AddProduct<kPixels>(product, place, g);
    float* HWY_RESTRICT to = node_.g + place.dense;
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) hn::Store(g[p], d, to + p * pitch());
  }

 private:
  HWY_INLINE std::ptrdiff_t pitch() const { return kPitch != 0 ? kPitch : node_.extent.pitch; }

  template <int kPixels, int kColumns, bool kStarted>
  HWY_INLINE void AddConv(const Place& place, V (&g)[kPixels]) const {
    const D d;
    const float* HWY_RESTRICT conv = node_.conv.data + place.group * node_.conv.group +
                                     place.row * node_.conv.row + place.column * pitch() +
                                     place.lane;
    const std::ptrdiff_t row = node_.conv.row;
    if (node_.relu && node_.norm.scale != nullptr) {
      const V scale = hn::LoadU(d, node_.norm.scale + place.lane);
      const V mean = hn::LoadU(d, node_.norm.mean + place.lane);
      const V shift = hn::LoadU(d, node_.norm.shift + place.lane);
      // As it is computed forwards, to the bit.
      AddOpen<kPixels, kColumns, kStarted>(
          place, conv, g, [&](V y) { return hn::MulAdd(hn::Sub(y, mean), scale, shift); });
    } else if (node_.relu) {
      AddOpen<kPixels, kColumns, kStarted>(place, conv, g, [](V x) { return x; });
    } else {
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) {
        const V part = hn::Load(d, conv + p / kColumns * row + p % kColumns * pitch());
        g[p] = kStarted ? hn::Add(g[p], part) : part;
      }
    }
  }

  // Where the ReLU lets it through. `value`: the node from what is stored of it.
  template <int kPixels, int kColumns, bool kStarted, class Value>
  HWY_INLINE void AddOpen(const Place& place, const float* HWY_RESTRICT conv, V (&g)[kPixels],
                          const Value& value) const {
    const D d;
    const float* HWY_RESTRICT x = node_.x + place.dense;
    const std::ptrdiff_t row = node_.conv.row;
    const V zero = hn::Zero(d);
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) {
      const auto open = hn::Gt(value(hn::Load(d, x + p * pitch())), zero);
      const V part =
          hn::IfThenElseZero(open, hn::Load(d, conv + p / kColumns * row + p % kColumns * pitch()));
      g[p] = kStarted ? hn::Add(g[p], part) : part;
    }
  }

  template <int kColumns>
  HWY_INLINE void AddSpread(const PreparedSpread& spread, const Place& place, int row, V* g) const {
    const D d;
    const int pooled_row = spread.PooledRow(place.row + row);
    if (pooled_row >= spread.rows) return;
    const float* HWY_RESTRICT from =
        spread.g +
        (std::ptrdiff_t(place.group) * spread.rows + pooled_row) * spread.columns * pitch() +
        place.lane;
    const V factor = hn::Set(d, spread.factor);
    const int first = spread.PooledColumn(place.column);
    const int last = spread.PooledColumn(place.column + kColumns - 1);
    if (first == last) {
      if (first >= spread.columns) return;
      const V value = hn::Mul(hn::Load(d, from + first * pitch()), factor);
#pragma GCC unroll 16
      for (int p = 0; p < kColumns; ++p) g[p] = hn::Add(g[p], value);
    } else if (spread.width == 2 && place.column % 2 == 0 && last < spread.columns) {
      from += first * pitch();
#pragma GCC unroll 16
      for (int p = 0; p < kColumns; ++p) {
        g[p] = hn::MulAdd(hn::Load(d, from + p / 2 * pitch()), factor, g[p]);
      }
    } else {
#pragma GCC unroll 16
      for (int p = 0; p < kColumns; ++p) {
        const int column = spread.PooledColumn(place.column + p);
        if (column < spread.columns) {
          g[p] = hn::MulAdd(hn::Load(d, from + column * pitch()), factor, g[p]);
        }
      }
    }
  }

  template <int kPixels>
  HWY_INLINE void AddGradientSum(const Place& place, const V (&g)[kPixels]) const {
    const D d;
    V sums[2] = {g[0], hn::Zero(d)};
#pragma GCC unroll 16
    for (int p = 1; p < kPixels; ++p) sums[p % 2] = p == 1 ? g[p] : hn::Add(sums[p % 2], g[p]);
    float* to = node_.gradient_sum + place.lane;
    hn::StoreU(hn::Add(hn::LoadU(d, to), hn::Add(sums[0], sums[1])), d, to);
  }

  template <int kPixels>
  HWY_INLINE void AddProduct(const ProductSum& product, const Place& place,
                             const V (&g)[kPixels]) const {
    const D d;
    const float* HWY_RESTRICT y = product.y + place.dense;
    const V mean = hn::LoadU(d, product.mean + place.lane);
    V sums[2] = {hn::Zero(d), hn::Zero(d)};
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) {
      // The negative of it, as the operand in memory has to be the subtrahend.
      const V below = hn::Sub(mean, hn::Load(d, y + p * pitch()));
      sums[p % 2] = hn::NegMulAdd(g[p], below, sums[p % 2]);
    }
    float* to = product.sum + place.lane;
    hn::StoreU(hn::Add(hn::LoadU(d, to), hn::Add(sums[0], sums[1])), d, to);
  }

  NodeGradient node_;
  const PreparedSpreads& spreads_;
};

template <int kPitch>
HWY_NOINLINE void RunGradient(const NodeGradient& node, const PreparedSpreads& spreads) {
  const Extent& extent = node.extent;
  const bool flat = node.spreads.empty() &&
                    (node.conv.data == nullptr ||
                     (node.conv.row == extent.row() && node.conv.group == extent.image()));
  const GradientKernel<kPitch> kernel(node, spreads);
  Walk<true, kPitch, GradientKernel<kPitch>>(extent, node.pools, kernel).Run(flat);
}

void SumNodeGradientOnTarget(const NodeGradient& node, const PreparedSpreads& spreads) {
  if (node.extent.pitch == 16) {
    RunGradient<16>(node, spreads);
  } else if (node.extent.pitch == 32) {
    RunGradient<32>(node, spreads);
  } else {
    RunGradient<0>(node, spreads);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(SumNodeGradientOnTarget);

void SumNodeGradient(const NodeGradient& node) {
  const PreparedSpreads spreads(node.extent, node.spreads);
  HWY_DYNAMIC_DISPATCH(SumNodeGradientOnTarget)(node, spreads);
}

}  // namespace mote::native
#endif  // HWY_ONCE
