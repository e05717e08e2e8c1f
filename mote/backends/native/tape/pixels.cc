// What a tape computes pixel by pixel: values and gradients as their readers make them, sums for
// normalisation, activations, pools.
//
// Loops go row by row and in it vector by vector, so that what belongs to a channel stays in
// registers and the row in the first cache.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "mote/backends/native/tape/parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/tape/pixels.cc"
// clang-format off
#include "hwy/foreach_target.h"  // IWYU pragma: keep, has to come first
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"
#include "mote/backends/native/tape/tags-inl.h"
#include "mote/backends/native/tape/value-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {

// The parameters of a Slope for the channels of one vector: as it is, scaled, or scaled and coupled
// to y.
enum class Passing { kAll, kScaled, kCoupled };

template <class D, Passing kPassing>
struct SlopeReader {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  static constexpr bool kCoupled = kPassing == Passing::kCoupled;

  SlopeReader(D d, const Slope<T>& slope_of, int channel)
      : scale(kPassing == Passing::kAll ? hn::Zero(d) : hn::LoadU(d, slope_of.scale + channel)),
        mean_g(kCoupled ? hn::LoadU(d, slope_of.mean_g + channel) : hn::Zero(d)),
        slope(kCoupled ? hn::LoadU(d, slope_of.slope + channel) : hn::Zero(d)),
        mean_y(kCoupled ? hn::LoadU(d, slope_of.mean_y + channel) : hn::Zero(d)) {}

  HWY_INLINE V Read(D d, const T* g, const T* y) const {
    const V given = hn::LoadU(d, g);
    if constexpr (kPassing == Passing::kAll) return given;
    if constexpr (!kCoupled) return hn::Mul(scale, given);
    const V deviation = hn::Sub(hn::LoadU(d, y), mean_y);
    return hn::MulAdd(scale, hn::Sub(given, mean_g), hn::Mul(slope, deviation));
  }

  V scale;
  V mean_g;
  V slope;
  V mean_y;
};

// Pixels that follow each other are one long row.
template <typename T>
Extent RowsOf(const Extent& extent, const Place<T>& place) {
  if (place.row != extent.row() || place.image != extent.image()) return extent;
  return {1, 1, extent.pixels(), extent.pitch};
}

struct Load {
  template <bool kNormalized, bool kRelu, bool kAdd, class D, class T>
  static void Rows(D d, const Value<T>& value, const Extent& extent, const Place<T>& dst) {
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
      const ValueReader<D, kNormalized, kRelu> reader(d, value, channel);
      const T* x = value.x + channel;
      for (int n = 0; n < extent.images; ++n) {
        for (int y = 0; y < extent.height; ++y) {
          T* to = dst.data + n * dst.image + y * dst.row + channel;
          for (int i = 0; i < extent.width; ++i, x += extent.pitch, to += extent.pitch) {
            auto result = reader.Read(d, x);
            if constexpr (kAdd) result = hn::Add(hn::LoadU(d, to), result);
            hn::StoreU(result, d, to);
          }
        }
      }
    }
  }

  template <bool kNormalized, bool kRelu, class D, class T>
  static void RowsFor(D d, const Value<T>& value, const Extent& extent, const Place<T>& dst,
                      bool add) {
    if (add) return Rows<kNormalized, kRelu, true>(d, value, extent, dst);
    Rows<kNormalized, kRelu, false>(d, value, extent, dst);
  }

  template <class D, class T>
  static void Run(D d, const Value<T>& value, const Extent& extent, const Place<T>& dst, bool add) {
    const Extent rows = RowsOf(extent, dst);
    if (value.scale != nullptr) {
      if (value.relu) return RowsFor<true, true>(d, value, rows, dst, add);
      return RowsFor<true, false>(d, value, rows, dst, add);
    }
    if (value.relu) return RowsFor<false, true>(d, value, rows, dst, add);
    RowsFor<false, false>(d, value, rows, dst, add);
  }
};

struct LoadSlope {
  template <Passing kPassing, class D, class T>
  static void Rows(D d, const Slope<T>& slope, const Extent& extent, const Place<T>& dst) {
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
      const SlopeReader<D, kPassing> reader(d, slope, channel);
      const T* g = slope.g + channel;
      const T* y_value = kPassing == Passing::kCoupled ? slope.y + channel : g;
      for (int n = 0; n < extent.images; ++n) {
        for (int y = 0; y < extent.height; ++y) {
          T* to = dst.data + n * dst.image + y * dst.row + channel;
          for (int i = 0; i < extent.width; ++i) {
            hn::StoreU(reader.Read(d, g, y_value), d, to);
            g += extent.pitch;
            y_value += extent.pitch;
            to += extent.pitch;
          }
        }
      }
    }
  }

  template <class D, class T>
  static void Run(D d, const Slope<T>& slope, const Extent& extent, const Place<T>& dst) {
    const Extent rows = RowsOf(extent, dst);
    if (slope.scale == nullptr) return Rows<Passing::kAll>(d, slope, rows, dst);
    if (slope.slope == nullptr) return Rows<Passing::kScaled>(d, slope, rows, dst);
    Rows<Passing::kCoupled>(d, slope, rows, dst);
  }
};

struct PassPositive {
  template <bool kNormalized, bool kAdd, class D, class T>
  static void Pixels(D d, const Value<T>& value, const T* g, const Extent& extent, T* dst) {
    const int pixels = extent.pixels();
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
      const ValueReader<D, kNormalized, false> reader(d, value, channel);
      std::ptrdiff_t at = channel;
      for (int i = 0; i < pixels; ++i, at += extent.pitch) {
        const auto open = hn::Gt(reader.Read(d, value.x + at), hn::Zero(d));
        auto result = hn::IfThenElseZero(open, hn::LoadU(d, g + at));
        if constexpr (kAdd) result = hn::Add(hn::LoadU(d, dst + at), result);
        hn::StoreU(result, d, dst + at);
      }
    }
  }

  // A value that is rectified already is positive where it was before.
  template <class D, class T>
  static void Run(D d, const Value<T>& value, const T* g, const Extent& extent, T* dst, bool add) {
    if (value.scale != nullptr) {
      if (add) return Pixels<true, true>(d, value, g, extent, dst);
      return Pixels<true, false>(d, value, g, extent, dst);
    }
    if (add) return Pixels<false, true>(d, value, g, extent, dst);
    Pixels<false, false>(d, value, g, extent, dst);
  }
};

// Four sums each, for addition takes four cycles.
constexpr int kSums = 4;

struct Moments {
  template <class D, class T>
  static void Run(D d, const T* x, const Extent& extent, const T* shift_of, T* sum, T* square) {
    using V = hn::Vec<D>;
    const int pixels = extent.pixels();
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
      const V shift = hn::LoadU(d, shift_of + channel);
      V sums[kSums] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
      V squares[kSums] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
      const T* at = x + channel;
      int i = 0;
      for (; i + kSums <= pixels; i += kSums) {
#pragma GCC unroll 4
        for (int k = 0; k < kSums; ++k) {
          const V deviation = hn::Sub(hn::LoadU(d, at), shift);
          sums[k] = hn::Add(sums[k], deviation);
          squares[k] = hn::MulAdd(deviation, deviation, squares[k]);
          at += extent.pitch;
        }
      }
      for (; i < pixels; ++i, at += extent.pitch) {
        const V deviation = hn::Sub(hn::LoadU(d, at), shift);
        sums[0] = hn::Add(sums[0], deviation);
        squares[0] = hn::MulAdd(deviation, deviation, squares[0]);
      }
      hn::StoreU(hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3])), d, sum + channel);
      hn::StoreU(hn::Add(hn::Add(squares[0], squares[1]), hn::Add(squares[2], squares[3])), d,
                 square + channel);
    }
  }
};

struct SlopeSums {
  template <class D, class T>
  static void Run(D d, const T* g, const T* y, const T* mean_of, const Extent& extent, T* sum,
                  T* product) {
    using V = hn::Vec<D>;
    const int pixels = extent.pixels();
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
      const V mean = hn::LoadU(d, mean_of + channel);
      V sums[kSums] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
      V products[kSums] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
      std::ptrdiff_t at = channel;
      int i = 0;
      for (; i + kSums <= pixels; i += kSums) {
#pragma GCC unroll 4
        for (int k = 0; k < kSums; ++k) {
          const V slope = hn::LoadU(d, g + at);
          sums[k] = hn::Add(sums[k], slope);
          products[k] = hn::MulAdd(slope, hn::Sub(hn::LoadU(d, y + at), mean), products[k]);
          at += extent.pitch;
        }
      }
      for (; i < pixels; ++i, at += extent.pitch) {
        const V slope = hn::LoadU(d, g + at);
        sums[0] = hn::Add(sums[0], slope);
        products[0] = hn::MulAdd(slope, hn::Sub(hn::LoadU(d, y + at), mean), products[0]);
      }
      hn::StoreU(hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3])), d, sum + channel);
      hn::StoreU(hn::Add(hn::Add(products[0], products[1]), hn::Add(products[2], products[3])), d,
                 product + channel);
    }
  }
};

// GELU is x times a gate, 0.5 (1 + tanh(u)) = 1 / (1 + exp(-2 u)), which keeps its digits where
// tanh(u) is near -1; u = sqrt(pi/2) (x + 0.044715 x^3).
constexpr double kScale = 2 * 1.2533141373155003;
constexpr double kCubic = 0.044715;
// Beyond it the gate is 0 or 1 to more digits than T has, and exp stays finite before it.
constexpr double kFar = 8;

template <class D>
struct Gate {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  V x;      // within +-kFar; NaN stays NaN
  V e;      // exp(-2 u), never infinite
  V value;  // 1 / (1 + e)

  HWY_INLINE Gate(D d, V any)
      : x(hn::IfThenElse(hn::Gt(hn::Abs(any), hn::Set(d, T(kFar))),
                         hn::CopySign(hn::Set(d, T(kFar)), any), any)),
        e(hn::Exp(d, hn::Mul(x, hn::MulAdd(hn::Mul(x, x), hn::Set(d, T(-kScale * kCubic)),
                                           hn::Set(d, T(-kScale)))))),
        value(hn::Div(hn::Set(d, T(1)), hn::Add(hn::Set(d, T(1)), e))) {}
};

struct Gelu {
  template <class D, class T>
  static void Run(D d, const T* x, const Extent& extent, T* dst) {
    for (std::ptrdiff_t i = 0; i < extent.elements(); i += kLanesOf<D>) {
      const auto value = hn::LoadU(d, x + i);
      const auto gated = hn::Mul(value, Gate<D>(d, value).value);
      // Far below, the gate that belongs to -kFar is too large for x.
      const auto far = hn::Lt(value, hn::Set(d, T(-kFar)));
      hn::StoreU(hn::IfThenZeroElse(far, gated), d, dst + i);
    }
  }
};

// d/dx x s(2 u) = s + x s (1 - s) 2 du/dx, where 1 - s = e s.
struct GeluSlope {
  template <class D, class T>
  static void Run(D d, const T* x, const T* g, const Extent& extent, T* dst) {
    for (std::ptrdiff_t i = 0; i < extent.elements(); i += kLanesOf<D>) {
      const Gate<D> gate(d, hn::LoadU(d, x + i));
      const auto slope = hn::MulAdd(hn::Mul(gate.x, gate.x), hn::Set(d, T(3 * kScale * kCubic)),
                                    hn::Set(d, T(kScale)));
      const auto rest = hn::Mul(hn::Mul(gate.e, gate.value), gate.value);
      const auto derivative = hn::MulAdd(hn::Mul(gate.x, slope), rest, gate.value);
      hn::StoreU(hn::Mul(hn::LoadU(d, g + i), derivative), d, dst + i);
    }
  }
};

// Positions along one axis, [begin, end).
struct Span {
  int count() const { return end - begin; }

  int begin;
  int end;
};

// The part of a window that lies inside.
Span Inside(const Window& window, int position, int length) {
  const int begin = position * window.stride - window.padding;
  return {std::max(0, begin), std::min(length, begin + window.kernel)};
}

// The windows, of `count`, in which a pixel lies; there may be none.
Span Around(const Window& window, int pixel, int count) {
  // The first that ends behind the pixel; of a negative one nothing but its sign matters.
  const int first = pixel + window.padding - window.kernel + window.stride;
  return {first < 0 ? 0 : first / window.stride,
          std::min(count, (pixel + window.padding) / window.stride + 1)};
}

// Windows are summed along one axis and then along the other: row[.] = sum over source rows of
// share * source, then dst[x] = sum over the row's pixels.
template <class D, class T>
void SumRows(D d, const T* src, Span rows, std::ptrdiff_t row_elements, const T* shares, T* row) {
  for (std::ptrdiff_t i = 0; i < row_elements; i += kLanesOf<D>) {
    auto sum = hn::Zero(d);
    for (int y = rows.begin; y < rows.end; ++y) {
      sum = hn::MulAdd(hn::Set(d, shares[y]), hn::LoadU(d, src + y * row_elements + i), sum);
    }
    hn::StoreU(sum, d, row + i);
  }
}

template <class D, class T>
void SumColumns(D d, const T* row, Span columns, const T* shares, int pitch, T* dst) {
  for (int channel = 0; channel < pitch; channel += kLanesOf<D>) {
    auto sum = hn::Zero(d);
    for (int x = columns.begin; x < columns.end; ++x) {
      sum = hn::MulAdd(hn::Set(d, shares[x]), hn::LoadU(d, row + x * pitch + channel), sum);
    }
    hn::StoreU(sum, d, dst + channel);
  }
}

// Of every position along an axis, one over the elements of its window that lie inside.
template <typename T>
std::vector<T> SharesOf(const Window& window, int positions, int length) {
  std::vector<T> shares(positions);
  for (int i = 0; i < positions; ++i) shares[i] = T(1) / T(Inside(window, i, length).count());
  return shares;
}

// The cell's pool, 3x3 of stride 1 and padding 1, whose sums need no case at the borders: rows and
// pixels outside are zeros. Forward the sums are divided, back what is summed.
template <bool kBack>
struct SmallPool {
  static bool Fits(const Window& window) {
    return window.kernel == 3 && window.stride == 1 && window.padding == 1;
  }

  // A row may be cut into vectors anywhere, for all channels of a pixel have the same share.
  template <class D, class T>
  static void Run(D d, const T* src, const Window& window, const Extent& extent, T* dst) {
    const std::ptrdiff_t elements = extent.row();
    const std::vector<T> heights = SharesOf<T>(window, extent.height, extent.height);
    const std::vector<T> widths = SharesOf<T>(window, extent.width, extent.width);
    std::vector<T> shares(elements);
    for (std::ptrdiff_t i = 0; i < elements; ++i) shares[i] = widths[i / extent.pitch];
    const std::vector<T> outside(elements);
    // A pixel outside on either side.
    std::vector<T> sums(elements + 2 * extent.pitch);
    for (int n = 0; n < extent.images; ++n) {
      for (int y = 0; y < extent.height; ++y, src += elements, dst += elements) {
        const bool first = y == 0;
        const bool last = y == extent.height - 1;
        const T* above = first ? outside.data() : src - elements;
        const T* below = last ? outside.data() : src + elements;
        const auto share = hn::Set(d, heights[y]);
        const auto share_above = hn::Set(d, first ? T(0) : heights[y - 1]);
        const auto share_below = hn::Set(d, last ? T(0) : heights[y + 1]);
        for (std::ptrdiff_t i = 0; i < elements; i += kLanesOf<D>) {
          const auto a = hn::LoadU(d, above + i);
          const auto b = hn::LoadU(d, src + i);
          const auto c = hn::LoadU(d, below + i);
          auto sum = hn::Add(hn::Add(a, b), c);
          if constexpr (kBack) {
            sum = hn::MulAdd(share_above, a, hn::MulAdd(share, b, hn::Mul(share_below, c)));
            sum = hn::Mul(sum, hn::LoadU(d, shares.data() + i));
          }
          hn::StoreU(sum, d, sums.data() + extent.pitch + i);
        }
        for (std::ptrdiff_t i = 0; i < elements; i += kLanesOf<D>) {
          const T* at = sums.data() + i;
          auto sum = hn::Add(hn::Add(hn::LoadU(d, at), hn::LoadU(d, at + extent.pitch)),
                             hn::LoadU(d, at + 2 * extent.pitch));
          if constexpr (!kBack) {
            sum = hn::Mul(sum, hn::Mul(share, hn::LoadU(d, shares.data() + i)));
          }
          hn::StoreU(sum, d, dst + i);
        }
      }
    }
  }

  // In the widest vectors that a row is made of.
  template <class D, class T>
  static void RunWidest(D d, const T* src, const Window& window, const Extent& extent, T* dst) {
    if (extent.row() % kLanesOf<Whole<T>> == 0) return Run(Whole<T>(), src, window, extent, dst);
    Run(d, src, window, extent, dst);
  }
};

struct Pool {
  template <class D, class T>
  static void Run(D d, const T* src, const Extent& from, const Window& window, const Extent& to,
                  T* dst) {
    if (SmallPool<false>::Fits(window)) {
      return SmallPool<false>::RunWidest(d, src, window, to, dst);
    }
    const std::vector<T> ones(std::max(from.height, from.width), T(1));
    const std::vector<T> heights = SharesOf<T>(window, to.height, from.height);
    const std::vector<T> widths = SharesOf<T>(window, to.width, from.width);
    std::vector<T> row(from.row());
    for (int n = 0; n < to.images; ++n, src += from.image()) {
      for (int y = 0; y < to.height; ++y) {
        SumRows(d, src, Inside(window, y, from.height), from.row(), ones.data(), row.data());
        for (int x = 0; x < to.width; ++x, dst += to.pitch) {
          SumColumns(d, row.data(), Inside(window, x, from.width), ones.data(), to.pitch, dst);
          const auto share = hn::Set(d, heights[y] * widths[x]);
          for (int channel = 0; channel < to.pitch; channel += kLanesOf<D>) {
            hn::StoreU(hn::Mul(share, hn::LoadU(d, dst + channel)), d, dst + channel);
          }
        }
      }
    }
  }
};

// What a pixel gets of each window that it lies in.
struct PoolSlope {
  template <class D, class T>
  static void Run(D d, const T* g, const Extent& from, const Window& window, const Extent& to,
                  T* dst) {
    if (SmallPool<true>::Fits(window)) return SmallPool<true>::RunWidest(d, g, window, to, dst);
    const std::vector<T> heights = SharesOf<T>(window, from.height, to.height);
    const std::vector<T> widths = SharesOf<T>(window, from.width, to.width);
    std::vector<T> row(from.row());
    for (int n = 0; n < to.images; ++n, g += from.image()) {
      for (int y = 0; y < to.height; ++y) {
        SumRows(d, g, Around(window, y, from.height), from.row(), heights.data(), row.data());
        for (int x = 0; x < to.width; ++x, dst += to.pitch) {
          SumColumns(d, row.data(), Around(window, x, from.width), widths.data(), to.pitch, dst);
        }
      }
    }
  }
};

template <typename T>
struct Entries {
  static void OfLoad(const Value<T>& x, const Extent& extent, const Place<T>& dst, bool add) {
    RunOnPitch<Load, T>(extent.pitch, x, extent, dst, add);
  }
  static void OfLoadSlope(const Slope<T>& g, const Extent& extent, const Place<T>& dst) {
    RunOnPitch<LoadSlope, T>(extent.pitch, g, extent, dst);
  }
  static void OfPassPositive(const Value<T>& x, const T* g, const Extent& extent, T* dst,
                             bool add) {
    RunOnPitch<PassPositive, T>(extent.pitch, x, g, extent, dst, add);
  }
  static void OfMoments(const T* x, const Extent& extent, const T* shift, T* sum, T* square) {
    RunOnPitch<Moments, T>(extent.pitch, x, extent, shift, sum, square);
  }
  static void OfSlopeSums(const T* g, const T* y, const T* mean, const Extent& extent, T* sum,
                          T* product) {
    RunOnPitch<SlopeSums, T>(extent.pitch, g, y, mean, extent, sum, product);
  }
  static void OfGelu(const T* x, const Extent& extent, T* dst) {
    RunOnPitch<Gelu, T>(extent.pitch, x, extent, dst);
  }
  static void OfGeluSlope(const T* x, const T* g, const Extent& extent, T* dst) {
    RunOnPitch<GeluSlope, T>(extent.pitch, x, g, extent, dst);
  }
  static void OfPool(const T* src, const Extent& from, const Window& window, const Extent& to,
                     T* dst) {
    RunOnPitch<Pool, T>(to.pitch, src, from, window, to, dst);
  }
  static void OfPoolSlope(const T* g, const Extent& from, const Window& window, const Extent& to,
                          T* dst) {
    RunOnPitch<PoolSlope, T>(to.pitch, g, from, window, to, dst);
  }

  static void Add(Kernels<T>& kernels) {
    kernels.load = &OfLoad;
    kernels.load_slope = &OfLoadSlope;
    kernels.pass_positive = &OfPassPositive;
    kernels.moments = &OfMoments;
    kernels.slope_sums = &OfSlopeSums;
    kernels.gelu = &OfGelu;
    kernels.gelu_slope = &OfGeluSlope;
    kernels.pool = &OfPool;
    kernels.pool_slope = &OfPoolSlope;
  }
};

}  // namespace

void AddPixelsOfFloat(Kernels<float>& kernels) { Entries<float>::Add(kernels); }
void AddPixelsOfDouble(Kernels<double>& kernels) { Entries<double>::Add(kernels); }

}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native::tape {
namespace {

HWY_EXPORT(AddPixelsOfFloat);
HWY_EXPORT(AddPixelsOfDouble);

}  // namespace

template <>
void AddPixelKernels(Kernels<float>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddPixelsOfFloat)(kernels);
}
template <>
void AddPixelKernels(Kernels<double>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddPixelsOfDouble)(kernels);
}

}  // namespace mote::native::tape
#endif  // HWY_ONCE
