// How a vector of a Value (forms.h) is made from what is stored. Included once per instruction set
// by foreach_target.h.
#if defined(MOTE_NATIVE_TAPE_VALUE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_NATIVE_TAPE_VALUE_INL_H_
#undef MOTE_NATIVE_TAPE_VALUE_INL_H_
#else
#define MOTE_NATIVE_TAPE_VALUE_INL_H_
#endif

#include "hwy/highway.h"
#include "mote/backends/native/relu-inl.h"
#include "mote/backends/native/tape/forms.h"
#include "mote/backends/native/tape/tags-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {  // as in tags-inl.h

using native::HWY_NAMESPACE::Rectified;

// The parameters of a Value for the channels of one vector.
template <class D, bool kNormalized, bool kRelu>
struct ValueReader {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  ValueReader(D d, const Value<T>& value, int channel)
      : scale(kNormalized ? hn::LoadU(d, value.scale + channel) : hn::Zero(d)),
        mean(kNormalized ? hn::LoadU(d, value.mean + channel) : hn::Zero(d)),
        shift(kNormalized ? hn::LoadU(d, value.shift + channel) : hn::Zero(d)) {}

  HWY_INLINE V Read(D d, const T* x) const {
    V result = hn::LoadU(d, x);
    if constexpr (kNormalized) result = hn::MulAdd(scale, hn::Sub(result, mean), shift);
    if constexpr (kRelu) result = Rectified(d, result);
    return result;
  }

  V scale;
  V mean;
  V shift;
};

}  // namespace
}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // MOTE_NATIVE_TAPE_VALUE_INL_H_
