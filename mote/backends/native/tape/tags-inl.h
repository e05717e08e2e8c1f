// Which vectors a pixel is made of: whole ones, or half a one where that holds all its channels.
// Included once per instruction set by foreach_target.h.
#if defined(MOTE_NATIVE_TAPE_TAGS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_NATIVE_TAPE_TAGS_INL_H_
#undef MOTE_NATIVE_TAPE_TAGS_INL_H_
#else
#define MOTE_NATIVE_TAPE_TAGS_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {  // the same templates differ from target to target and from file to file

namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
using Whole = hn::ScalableTag<T>;
template <typename T>
using Half = hn::Half<Whole<T>>;

template <class D>
constexpr int kLanesOf = int(hn::MaxLanes(D()));

// 32 registers rather than 16.
constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON;

// Kernel::Run(tag, arguments...) with the tag that fits pixels of this pitch.
template <class Kernel, typename T, class... Arguments>
void RunOnPitch(int pitch, const Arguments&... arguments) {
  if constexpr (kLanesOf < Whole < T >>> 4) {
    if (pitch < kLanesOf<Whole<T>>) return Kernel::Run(Half<T>(), arguments...);
  }
  Kernel::Run(Whole<T>(), arguments...);
}

}  // namespace
}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // MOTE_NATIVE_TAPE_TAGS_INL_H_
