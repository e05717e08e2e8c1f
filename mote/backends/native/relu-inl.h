// ReLU for the kernels: max(x, 0) that keeps what is not a number, so that a network that has
// diverged shows it in its loss. Included once per instruction set.
#if defined(MOTE_NATIVE_RELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_NATIVE_RELU_INL_H_
#undef MOTE_NATIVE_RELU_INL_H_
#else
#define MOTE_NATIVE_RELU_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

// max(x, floor).
template <class V>
HWY_INLINE V Above(V x, V floor) {
  namespace hn = hwy::HWY_NAMESPACE;
#if HWY_TARGET == HWY_NEON
  // Its maximum returns the number where one operand is none.
  return hn::IfThenElse(hn::Lt(x, floor), floor, x);
#else
  // The second operand is returned where one is not a number.
  return hn::Max(floor, x);
#endif
}

template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V Rectified(D d, V x) {
  return Above(x, hwy::HWY_NAMESPACE::Zero(d));
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // MOTE_NATIVE_RELU_INL_H_
