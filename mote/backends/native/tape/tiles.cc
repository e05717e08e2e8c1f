// The transforms of Winograd's minimal convolution F(4x4, 3x3) (native/winograd.h says what it is),
// in T: of tiles of 6x6 pixels of a source, of 4x4 pixels of a result and of its gradient; and
// those of kernels, in double.
#include <cstddef>

#include "mote/backends/native/tape/parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/tape/tiles.cc"
// clang-format off
#include "hwy/foreach_target.h"  // IWYU pragma: keep, has to come first
#include "hwy/highway.h"
#include "mote/backends/native/tape/tags-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {

// One line of a transform: vectors kStep apart into as many or fewer, which may lie in their place.
template <class D, int kStep>
struct Line {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  // B' x.
  static HWY_INLINE void Source(D d, const V* x, V* v) {
    const V two = hn::Set(d, T(2));
    const V four = hn::Set(d, T(4));
    const V five = hn::Set(d, T(5));
    const V x0 = x[0 * kStep], x1 = x[1 * kStep], x2 = x[2 * kStep];
    const V x3 = x[3 * kStep], x4 = x[4 * kStep], x5 = x[5 * kStep];
    const V even = hn::NegMulAdd(four, x2, x4);
    const V odd = hn::NegMulAdd(four, x1, x3);
    const V near_even = hn::Sub(x4, x2);
    const V near_odd = hn::Sub(x3, x1);
    v[0 * kStep] = hn::MulAdd(four, x0, hn::NegMulAdd(five, x2, x4));
    v[1 * kStep] = hn::Add(even, odd);
    v[2 * kStep] = hn::Sub(even, odd);
    v[3 * kStep] = hn::MulAdd(two, near_odd, near_even);
    v[4 * kStep] = hn::NegMulAdd(two, near_odd, near_even);
    v[5 * kStep] = hn::MulAdd(four, x1, hn::NegMulAdd(five, x3, x5));
  }

  // A' m.
  static HWY_INLINE void Result(D d, const V* m, V* y) {
    const V two = hn::Set(d, T(2));
    const V four = hn::Set(d, T(4));
    const V eight = hn::Set(d, T(8));
    const V sum = hn::Add(m[1 * kStep], m[2 * kStep]);
    const V difference = hn::Sub(m[1 * kStep], m[2 * kStep]);
    const V far_sum = hn::Add(m[3 * kStep], m[4 * kStep]);
    const V far_difference = hn::Sub(m[3 * kStep], m[4 * kStep]);
    const V last = m[5 * kStep];
    y[0 * kStep] = hn::Add(m[0 * kStep], hn::Add(sum, far_sum));
    y[1 * kStep] = hn::MulAdd(two, far_difference, difference);
    y[2 * kStep] = hn::MulAdd(four, far_sum, sum);
    y[3 * kStep] = hn::Add(last, hn::MulAdd(eight, far_difference, difference));
  }

  // A y, what the one before passes back.
  static HWY_INLINE void ResultGradient(D d, const V* y, V* m) {
    const V two = hn::Set(d, T(2));
    const V four = hn::Set(d, T(4));
    const V y0 = y[0 * kStep], y1 = y[1 * kStep], y2 = y[2 * kStep], y3 = y[3 * kStep];
    const V even = hn::Add(y0, y2);
    const V odd = hn::Add(y1, y3);
    const V far_even = hn::MulAdd(four, y2, y0);
    const V far_odd = hn::Mul(two, hn::MulAdd(four, y3, y1));
    m[0 * kStep] = y0;
    m[1 * kStep] = hn::Add(even, odd);
    m[2 * kStep] = hn::Sub(even, odd);
    m[3 * kStep] = hn::Add(far_even, far_odd);
    m[4 * kStep] = hn::Sub(far_even, far_odd);
    m[5 * kStep] = y3;
  }
};

// Calls Kernel::At(d, pixels of the tile, row stride, pitch, points of the tile, matrix stride,
// ...) for every tile and vector of a pixel.
template <class Kernel, class D, class Pixel, class Point, class... Arguments>
HWY_INLINE void ForTiles(D d, Place<Pixel> pixels, const Extent& extent, Point* points,
                         std::ptrdiff_t matrix, const Arguments&... arguments) {
  for (int n = 0; n < extent.images; ++n) {
    for (int y = 0; y < extent.height; y += 4) {
      Pixel* tile = pixels.data + n * pixels.image + y * pixels.row;
      for (int x = 0; x < extent.width; x += 4, tile += 4 * extent.pitch) {
        for (int channel = 0; channel < extent.pitch; channel += kLanesOf<D>) {
          Kernel::At(d, tile + channel, pixels.row, extent.pitch, points + channel, matrix, channel,
                     arguments...);
        }
        points += extent.pitch;
      }
    }
  }
}

struct SourceTiles {
  template <class D, class T>
  static HWY_INLINE void At(D d, const T* tile, std::ptrdiff_t row, int pitch, T* points,
                            std::ptrdiff_t matrix, int) {
    hn::Vec<D> x[36];
    // From the pixel above and left on.
    tile -= row + pitch;
#pragma GCC unroll 6
    for (int i = 0; i < 6; ++i) {
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) x[6 * i + j] = hn::LoadU(d, tile + i * row + j * pitch);
      Line<D, 1>::Source(d, x + 6 * i, x + 6 * i);
    }
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
      Line<D, 6>::Source(d, x + j, x + j);
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) hn::StoreU(x[6 * i + j], d, points + (6 * i + j) * matrix);
    }
  }

  template <class D, class T>
  static void Run(D d, const Place<const T>& src, const Extent& extent, T* points,
                  std::ptrdiff_t matrix) {
    ForTiles<SourceTiles>(d, src, extent, points, matrix);
  }
};

struct ResultTiles {
  template <class D, class T>
  static HWY_INLINE void At(D d, T* tile, std::ptrdiff_t row, int pitch, const T* points,
                            std::ptrdiff_t matrix, int channel, const T* bias) {
    hn::Vec<D> m[36];
    const auto start = bias == nullptr ? hn::Zero(d) : hn::LoadU(d, bias + channel);
#pragma GCC unroll 6
    for (int i = 0; i < 6; ++i) {
#pragma GCC unroll 6
      for (int j = 0; j < 6; ++j) m[6 * i + j] = hn::LoadU(d, points + (6 * i + j) * matrix);
      Line<D, 1>::Result(d, m + 6 * i, m + 6 * i);
    }
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      Line<D, 6>::Result(d, m + j, m + j);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        hn::StoreU(hn::Add(start, m[6 * i + j]), d, tile + i * row + j * pitch);
      }
    }
  }

  template <class D, class T>
  static void Run(D d, const T* points, std::ptrdiff_t matrix, const T* bias, const Extent& extent,
                  T* dst) {
    ForTiles<ResultTiles>(d, Place<T>{dst, extent.row(), extent.image()}, extent, points, matrix,
                          bias);
  }
};

struct ResultGradientTiles {
  template <class D, class T>
  static HWY_INLINE void At(D d, const T* tile, std::ptrdiff_t row, int pitch, T* points,
                            std::ptrdiff_t matrix, int) {
    hn::Vec<D> y[36];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) y[6 * i + j] = hn::LoadU(d, tile + i * row + j * pitch);
      Line<D, 1>::ResultGradient(d, y + 6 * i, y + 6 * i);
    }
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
      Line<D, 6>::ResultGradient(d, y + j, y + j);
#pragma GCC unroll 6
      for (int i = 0; i < 6; ++i) hn::StoreU(y[6 * i + j], d, points + (6 * i + j) * matrix);
    }
  }

  template <class D, class T>
  static void Run(D d, const T* g, const Extent& extent, T* points, std::ptrdiff_t matrix) {
    ForTiles<ResultGradientTiles>(d, Place<const T>{g, extent.row(), extent.image()}, extent,
                                  points, matrix);
  }
};

// Every sum in the order of G's columns, and of its rows in what is passed back.
struct KernelLine {
  // u = G w, u kStep apart.
  template <int kStep, class D, class V>
  static HWY_INLINE void Points(D d, V w0, V w1, V w2, V* u) {
    const V a = hn::Mul(hn::Set(d, -1.0 / 6), w0);
    const V b = hn::Mul(hn::Set(d, -1.0 / 6), w1);
    const V c = hn::Mul(hn::Set(d, -1.0 / 6), w2);
    const V p = hn::Mul(hn::Set(d, 1.0 / 24), w0);
    const V q = hn::Mul(hn::Set(d, 1.0 / 12), w1);
    u[0 * kStep] = hn::Mul(hn::Set(d, 1.0 / 4), w0);
    u[1 * kStep] = hn::Add(hn::Add(a, b), c);
    u[2 * kStep] = hn::Add(hn::Sub(a, b), c);
    u[3 * kStep] = hn::Sub(hn::Add(p, q), c);
    u[4 * kStep] = hn::Sub(hn::Sub(p, q), c);
    u[5 * kStep] = w2;
  }

  // w = G' u, u and w kStep apart.
  template <int kStep, class D, class V>
  static HWY_INLINE void Gradients(D d, const V* u, V* w) {
    const V sixth = hn::Set(d, 1.0 / 6);
    const V a1 = hn::Mul(sixth, u[1 * kStep]);
    const V a2 = hn::Mul(sixth, u[2 * kStep]);
    const V a3 = hn::Mul(sixth, u[3 * kStep]);
    const V a4 = hn::Mul(sixth, u[4 * kStep]);
    V sum = hn::Mul(hn::Set(d, 1.0 / 4), u[0]);
    sum = hn::Sub(hn::Sub(sum, a1), a2);
    sum = hn::Add(sum, hn::Mul(hn::Set(d, 1.0 / 24), u[3 * kStep]));
    w[0 * kStep] = hn::Add(sum, hn::Mul(hn::Set(d, 1.0 / 24), u[4 * kStep]));
    sum = hn::Add(hn::Sub(a2, a1), hn::Mul(hn::Set(d, 1.0 / 12), u[3 * kStep]));
    w[1 * kStep] = hn::Sub(sum, hn::Mul(hn::Set(d, 1.0 / 12), u[4 * kStep]));
    sum = hn::Sub(hn::Neg(a1), a2);
    w[2 * kStep] = hn::Add(hn::Add(hn::Add(sum, a3), a4), u[5 * kStep]);
  }
};

template <typename T>
void KernelPoints(const double* w, int count, T* points, std::ptrdiff_t matrix) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<T, decltype(d)> to;
  using V = hn::Vec<decltype(d)>;
  for (int i = 0; i < count; i += kLanesOf<decltype(d)>) {
    V rows[6 * 3];
#pragma GCC unroll 3
    for (int x = 0; x < 3; ++x) {
      KernelLine::Points<3>(d, hn::LoadU(d, w + (0 + x) * count + i),
                            hn::LoadU(d, w + (3 + x) * count + i),
                            hn::LoadU(d, w + (6 + x) * count + i), rows + x);
    }
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) {
      V u[6];
      KernelLine::Points<1>(d, rows[3 * y], rows[3 * y + 1], rows[3 * y + 2], u);
#pragma GCC unroll 6
      for (int x = 0; x < 6; ++x) {
        T* at = points + (6 * y + x) * matrix + i;
        if constexpr (sizeof(T) == sizeof(double)) {
          hn::StoreU(u[x], to, at);
        } else {
          hn::StoreU(hn::DemoteTo(to, u[x]), to, at);
        }
      }
    }
  }
}

inline void KernelGradients(const double* u, std::ptrdiff_t u_row, int count, double* w,
                            std::ptrdiff_t w_row) {
  const hn::ScalableTag<double> d;
  using V = hn::Vec<decltype(d)>;
  for (int i = 0; i < count; i += kLanesOf<decltype(d)>) {
    V rows[3 * 6];
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) {
      V column[6];
      V sums[3];
#pragma GCC unroll 6
      for (int y = 0; y < 6; ++y) column[y] = hn::LoadU(d, u + (6 * y + x) * u_row + i);
      KernelLine::Gradients<1>(d, column, sums);
#pragma GCC unroll 3
      for (int y = 0; y < 3; ++y) rows[6 * y + x] = sums[y];
    }
#pragma GCC unroll 3
    for (int y = 0; y < 3; ++y) {
      V sums[3];
      KernelLine::Gradients<1>(d, rows + 6 * y, sums);
#pragma GCC unroll 3
      for (int x = 0; x < 3; ++x) hn::StoreU(sums[x], d, w + (3 * y + x) * w_row + i);
    }
  }
}

template <typename T>
struct Entries {
  static void OfSource(const Place<const T>& src, const Extent& extent, T* points,
                       std::ptrdiff_t matrix) {
    RunOnPitch<SourceTiles, T>(extent.pitch, src, extent, points, matrix);
  }
  static void OfResult(const T* points, std::ptrdiff_t matrix, const T* bias, const Extent& extent,
                       T* dst) {
    RunOnPitch<ResultTiles, T>(extent.pitch, points, matrix, bias, extent, dst);
  }
  static void OfResultGradient(const T* g, const Extent& extent, T* points, std::ptrdiff_t matrix) {
    RunOnPitch<ResultGradientTiles, T>(extent.pitch, g, extent, points, matrix);
  }

  static void Add(Kernels<T>& kernels) {
    kernels.source_tiles = &OfSource;
    kernels.result_tiles = &OfResult;
    kernels.result_gradient_tiles = &OfResultGradient;
    kernels.kernel_points = &KernelPoints<T>;
    kernels.kernel_gradients = &KernelGradients;
  }
};

}  // namespace

void AddTilesOfFloat(Kernels<float>& kernels) { Entries<float>::Add(kernels); }
void AddTilesOfDouble(Kernels<double>& kernels) { Entries<double>::Add(kernels); }

}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native::tape {
namespace {

HWY_EXPORT(AddTilesOfFloat);
HWY_EXPORT(AddTilesOfDouble);

}  // namespace

template <>
void AddTileKernels(Kernels<float>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddTilesOfFloat)(kernels);
}
template <>
void AddTileKernels(Kernels<double>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddTilesOfDouble)(kernels);
}

}  // namespace mote::native::tape
#endif  // HWY_ONCE
