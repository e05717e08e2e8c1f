// The matrices of the Winograd convolution of winograd.h, times a vector. Included once per
// instruction set by foreach_target.h.
//
// Any five points and infinity make such an algorithm. With 0, r, -r, 1/r, -1/r, where r =
// sqrt(1/2), rounding errors are half those with the usual 0, 1, -1, 2, -2 (and the largest a
// quarter). Rows may be scaled by what the kernel's are divided by: here such that no transform
// needs more operations than with the usual points.
//
//        1   0   -5/2   0    1   0
//        0  -r    -1   r/2  1/2  0         1   1/r  1/r  1/2   1/2   0
//   B' = 0   r    -1  -r/2  1/2  0    A' = 0    1   -1    r    -r    0
//        0 -1/2  -r/2  1    r    0         0    r    r    1     1    0
//        0  1/2  -r/2 -1    r    0         0   1/2 -1/2  1/r  -1/r   1
//        0   1     0  -5/2  0    1
//
// Rows of opposite points share their even and their odd part.
#if defined(MOTE_BACKENDS_NATIVE_WINOGRAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_BACKENDS_NATIVE_WINOGRAD_INL_H_
#undef MOTE_BACKENDS_NATIVE_WINOGRAD_INL_H_
#else
#define MOTE_BACKENDS_NATIVE_WINOGRAD_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

inline constexpr float kRoot = 0.707106781186547524f;     // r
inline constexpr float kInverse = 1.414213562373095049f;  // 1 / r

// t = B' d. Without kFirst d[0] is not read, but zero; without kLast d[5].
template <bool kFirst, bool kLast>
HWY_INLINE void SourcePoints(const V (&d)[6], V (&t)[6]) {
  const V half = hn::Set(D(), 0.5f);
  const V root = hn::Set(D(), kRoot);
  const V two = hn::Set(D(), 2.0f);
  const V even2 = hn::NegMulAdd(half, d[2], d[4]);
  const V even1 = hn::MulSub(half, d[4], d[2]);
  // The middle coefficient 5/2 of the even parts is 1/2 + 2, of the odd ones likewise: what is
  // there already saves copies of registers.
  const V first = hn::NegMulAdd(two, d[2], even2);
  const V odd1 = hn::MulSub(half, d[3], d[1]);
  const V odd2 = hn::NegMulAdd(half, d[1], d[3]);
  const V last = hn::NegMulSub(two, d[3], odd1);
  t[0] = kFirst ? hn::Add(d[0], first) : first;
  t[1] = hn::MulAdd(root, odd1, even1);
  t[2] = hn::NegMulAdd(root, odd1, even1);
  t[3] = hn::MulAdd(root, even2, odd2);
  t[4] = hn::MulSub(root, even2, odd2);
  t[5] = kLast ? hn::Add(d[5], last) : last;
}

// y = A' m.
HWY_INLINE void Result(const V (&m)[6], V (&y)[4]) {
  const V half = hn::Set(D(), 0.5f);
  const V root = hn::Set(D(), kRoot);
  const V inverse = hn::Set(D(), kInverse);
  const V even1 = hn::Add(m[1], m[2]);
  const V odd1 = hn::Sub(m[1], m[2]);
  const V even2 = hn::Add(m[3], m[4]);
  const V odd2 = hn::Sub(m[3], m[4]);
  y[0] = hn::MulAdd(half, even2, hn::MulAdd(inverse, even1, m[0]));
  y[1] = hn::MulAdd(root, odd2, odd1);
  y[2] = hn::MulAdd(root, even1, even2);
  y[3] = hn::MulAdd(inverse, odd2, hn::MulAdd(half, odd1, m[5]));
}

// m = A y.
HWY_INLINE void ResultGradientPoints(const V (&y)[4], V (&m)[6]) {
  const V half = hn::Set(D(), 0.5f);
  const V inverse = hn::Set(D(), kInverse);
  const V even1 = hn::MulAdd(half, y[2], y[0]);
  const V even2 = hn::MulAdd(half, y[0], y[2]);
  const V odd2 = hn::MulAdd(half, y[1], y[3]);
  const V odd1 = hn::MulAdd(half, y[3], y[1]);
  m[0] = y[0];
  m[1] = hn::MulAdd(inverse, even1, odd1);
  m[2] = hn::MulSub(inverse, even1, odd1);
  m[3] = hn::MulAdd(inverse, odd2, even2);
  m[4] = hn::NegMulAdd(inverse, odd2, even2);
  m[5] = y[3];
}

// The inner four of d = B v; the outer two are v[0] and v[5].
HWY_INLINE void SourceGradient(const V (&v)[6], V (&d)[4]) {
  const V half = hn::Set(D(), 0.5f);
  const V root = hn::Set(D(), kRoot);
  const V half_root = hn::Set(D(), kRoot / 2);
  const V middle = hn::Set(D(), 2.5f);
  const V even1 = hn::Add(v[1], v[2]);
  const V odd1 = hn::Sub(v[1], v[2]);
  const V even2 = hn::Add(v[3], v[4]);
  const V odd2 = hn::Sub(v[3], v[4]);
  d[0] = hn::NegMulAdd(half, odd2, hn::NegMulAdd(root, odd1, v[5]));
  d[1] = hn::NegMulAdd(half_root, even2, hn::NegMulSub(middle, v[0], even1));
  d[2] = hn::NegMulAdd(middle, v[5], hn::MulAdd(half_root, odd1, odd2));
  d[3] = hn::MulAdd(root, even2, hn::MulAdd(half, even1, v[0]));
}

}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
