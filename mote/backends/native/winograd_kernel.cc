// The kernel's side of the Winograd convolutions: winograd.h.
#include <cstdint>

#include "mote/backends/native/winograd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/winograd_kernel.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

// With r and the points of winograd-inl.h, G = S P, where S = 1/3r diag(3r, -2, -2, 1, 1, 3r) and
//
//        1   0    0
//        1   r   1/2
//   P =  1  -r   1/2     Points first and one scale per result at the end: fewest roundings.
//        1  1/r   2
//        1 -1/r   2
//        0   0    1

#ifndef MOTE_BACKENDS_NATIVE_WINOGRAD_KERNEL_ONCE_
#define MOTE_BACKENDS_NATIVE_WINOGRAD_KERNEL_ONCE_
namespace mote::native {
namespace {

constexpr double kInverse = 1.414213562373095049;  // 1 / r
constexpr double kOuter = kInverse / 3;
constexpr double kScale[6] = {1, -2 * kOuter, -2 * kOuter, kOuter, kOuter, 1};

}  // namespace
}  // namespace mote::native
#endif

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// p = P w.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void KernelPoints(D d, const V (&w)[3], V (&p)[6]) {
  const V root = hn::Set(d, float(kInverse / 2));
  const V inverse = hn::Set(d, float(kInverse));
  const V even1 = hn::MulAdd(hn::Set(d, 0.5f), w[2], w[0]);
  const V even2 = hn::MulAdd(hn::Set(d, 2.0f), w[2], w[0]);
  p[0] = w[0];
  p[1] = hn::MulAdd(root, w[1], even1);
  p[2] = hn::NegMulAdd(root, w[1], even1);
  p[3] = hn::MulAdd(inverse, w[1], even2);
  p[4] = hn::NegMulAdd(inverse, w[1], even2);
  p[5] = w[2];
}

// w = G' u = P' S u.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void KernelGradient(D d, const V (&u)[6], V (&w)[3]) {
  const V two = hn::Set(d, 2.0f);
  const V outer = hn::Set(d, float(kOuter));
  const V even1 = hn::Add(u[1], u[2]);
  const V odd1 = hn::Sub(u[1], u[2]);
  const V even2 = hn::Add(u[3], u[4]);
  const V odd2 = hn::Sub(u[3], u[4]);
  w[0] = hn::MulAdd(outer, hn::NegMulAdd(two, even1, even2), u[0]);
  w[1] = hn::Mul(hn::Set(d, 2.0f / 3), hn::Sub(odd2, odd1));
  w[2] = hn::MulAdd(outer, hn::MulSub(two, even2, even1), u[5]);
}

template <int kGroup, class D, class V = hn::Vec<D>>
HWY_INLINE void StoreRepeated(D d, V x, float* HWY_RESTRICT dst) {
  if (kGroup == 1) {
    hn::StoreU(x, d, dst);
    return;
  }
  alignas(64) constexpr std::int32_t kLower[16] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7};
  constexpr int kLanes = int(hn::MaxLanes(D()));
  const auto lower = hn::SetTableIndices(d, kLower);
  alignas(64) std::int32_t upper[kLanes];
  for (int i = 0; i < kLanes; ++i) upper[i] = kLanes / 2 + i / 2;
  hn::StoreU(hn::TableLookupLanes(x, lower), d, dst);
  hn::StoreU(hn::TableLookupLanes(x, hn::SetTableIndices(d, upper)), d, dst + kLanes);
}

// One vector out of each of w's 9 matrices of `size` floats.
template <int kGroup, class D>
HWY_INLINE void KernelVector(D d, const float* HWY_RESTRICT w, std::ptrdiff_t size,
                             float* HWY_RESTRICT u) {
  using V = hn::Vec<D>;
  V half[6][3];
#pragma GCC unroll 3
  for (int x = 0; x < 3; ++x) {
    V weights[3];
#pragma GCC unroll 3
    for (int y = 0; y < 3; ++y) weights[y] = hn::LoadU(d, w + (3 * y + x) * size);
    V points[6];
    KernelPoints(d, weights, points);
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) half[y][x] = points[y];
  }
#pragma GCC unroll 6
  for (int y = 0; y < 6; ++y) {
    V points[6];
    KernelPoints(d, half[y], points);
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) {
      const V scaled = hn::Mul(hn::Set(d, float(kScale[y] * kScale[x])), points[x]);
      StoreRepeated<kGroup>(d, scaled, u + (6 * y + x) * size * kGroup);
    }
  }
}

template <int kGroup, class D, class V = hn::Vec<D>>
HWY_INLINE V LoadSummed(D d, const float* HWY_RESTRICT src) {
  const V lower = hn::LoadU(d, src);
  if (kGroup == 1) return lower;
  const V upper = hn::LoadU(d, src + hn::Lanes(d));
  return hn::Add(hn::ConcatEven(d, upper, lower), hn::ConcatOdd(d, upper, lower));
}

template <int kGroup, class D>
HWY_INLINE void KernelGradientVector(D d, const float* HWY_RESTRICT du, std::ptrdiff_t size,
                                     float* HWY_RESTRICT dw) {
  using V = hn::Vec<D>;
  V half[3][6];
#pragma GCC unroll 6
  for (int x = 0; x < 6; ++x) {
    V points[6];
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) {
      points[y] = LoadSummed<kGroup>(d, du + (6 * y + x) * size * kGroup);
    }
    V weights[3];
    KernelGradient(d, points, weights);
#pragma GCC unroll 3
    for (int y = 0; y < 3; ++y) half[y][x] = weights[y];
  }
#pragma GCC unroll 3
  for (int y = 0; y < 3; ++y) {
    V weights[3];
    KernelGradient(d, half[y], weights);
#pragma GCC unroll 3
    for (int x = 0; x < 3; ++x) {
      hn::StoreU(weights[x], d, dw + (3 * y + x) * size);
    }
  }
}

// `size` is a multiple of 8: with longer vectors one of 8 may be left over.
template <int kGroup>
void KernelOfGroup(const float* w, std::ptrdiff_t size, float* u) {
  const hn::ScalableTag<float> d;
  const std::ptrdiff_t lanes = std::ptrdiff_t(hn::Lanes(d));
  std::ptrdiff_t i = 0;
  for (; i + lanes <= size; i += lanes) KernelVector<kGroup>(d, w + i, size, u + i * kGroup);
  if (i < size) KernelVector<kGroup>(hn::CappedTag<float, 8>(), w + i, size, u + i * kGroup);
}

template <int kGroup>
void KernelGradientOfGroup(const float* du, std::ptrdiff_t size, float* dw) {
  const hn::ScalableTag<float> d;
  const std::ptrdiff_t lanes = std::ptrdiff_t(hn::Lanes(d));
  std::ptrdiff_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    KernelGradientVector<kGroup>(d, du + i * kGroup, size, dw + i);
  }
  if (i < size) {
    KernelGradientVector<kGroup>(hn::CappedTag<float, 8>(), du + i * kGroup, size, dw + i);
  }
}

void TransformKernelOnTarget(const float* w, std::ptrdiff_t size, int group, float* u) {
  group == 1 ? KernelOfGroup<1>(w, size, u) : KernelOfGroup<2>(w, size, u);
}

void TransformKernelGradientOnTarget(const float* du, std::ptrdiff_t size, int group, float* dw) {
  group == 1 ? KernelGradientOfGroup<1>(du, size, dw) : KernelGradientOfGroup<2>(du, size, dw);
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(TransformKernelOnTarget);
HWY_EXPORT(TransformKernelGradientOnTarget);

// Each weight is transformed alone: rows and columns are one.
void TransformKernel(const float* w, int rows, int columns, int group, float* u) {
  MOTE_CHECK(rows >= 0 && columns >= 0 && columns % 8 == 0 && (group == 1 || group == 2));
  HWY_DYNAMIC_DISPATCH(TransformKernelOnTarget)(w, std::ptrdiff_t(rows) * columns, group, u);
}

void TransformKernelGradient(const float* du, int rows, int columns, int group, float* dw) {
  MOTE_CHECK(rows >= 0 && columns >= 0 && columns % 8 == 0 && (group == 1 || group == 2));
  HWY_DYNAMIC_DISPATCH(TransformKernelGradientOnTarget)
  (du, std::ptrdiff_t(rows) * columns, group, dw);
}

}  // namespace mote::native
#endif  // HWY_ONCE
