#include "mote/backends/native/node_sum.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/node_sum.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/backends/native/relu-inl.h"
#include "mote/backends/native/window-inl.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

template <int kPitch>
class SumKernel {
 public:
  HWY_INLINE explicit SumKernel(const NodeSum& node) : node_(node) {}

  HWY_INLINE V Start(int lane) const {
    const D d;
    return node_.shift != nullptr ? hn::LoadU(d, node_.shift + lane) : hn::Zero(d);
  }

  template <int kPixels, int kColumns, bool kStarted>
  HWY_INLINE void Finish(const Place& place, V (&x)[kPixels]) const {
    const D d;
    const std::ptrdiff_t pitch = kPitch != 0 ? kPitch : node_.extent.pitch;
    if (!kStarted) {
      const V start = Start(place.lane);
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) x[p] = start;
    }
    for (const NormedOperand& operand : node_.normed) {
      const float* HWY_RESTRICT y = operand.y + place.dense;
      const V scale = hn::LoadU(d, operand.scale + place.lane);
      const V mean = hn::LoadU(d, operand.mean + place.lane);
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) {
        x[p] = hn::MulAdd(hn::Sub(hn::Load(d, y + p * pitch), mean), scale, x[p]);
      }
    }
    for (const float* operand : node_.skips) {
      const float* HWY_RESTRICT skip = operand + place.dense;
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) x[p] = hn::Add(x[p], hn::Load(d, skip + p * pitch));
    }
    if (node_.sums.sum != nullptr) AddMoments<kPixels>(place.lane, x);
    if (node_.x != nullptr) {
      float* HWY_RESTRICT to = node_.x + place.dense;
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) hn::Store(x[p], d, to + p * pitch);
    }
    if (node_.copy.data != nullptr) StoreCopy<kPixels, kColumns>(place, x);
  }

 private:
  template <int kPixels, int kColumns>
  HWY_INLINE void StoreCopy(const Place& place, V (&x)[kPixels]) const {
    const D d;
    const std::ptrdiff_t pitch = kPitch != 0 ? kPitch : node_.extent.pitch;
    float* to = node_.copy.data + place.group * node_.copy.group + place.row * node_.copy.row +
                place.column * pitch + place.lane;
    if (node_.relu) {
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) x[p] = Rectified(d, x[p]);
    }
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) {
      hn::Store(x[p], d, to + p / kColumns * node_.copy.row + p % kColumns * pitch);
    }
  }

  template <int kPixels>
  HWY_INLINE void AddMoments(int lane, const V (&x)[kPixels]) const {
    const D d;
    const V shift = hn::LoadU(d, node_.sums.shift + lane);
    V sum[2] = {hn::Zero(d), hn::Zero(d)};
    V square[2] = {hn::Zero(d), hn::Zero(d)};
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) {
      const V value = hn::Sub(x[p], shift);
      sum[p % 2] = hn::Add(sum[p % 2], value);
      square[p % 2] = hn::MulAdd(value, value, square[p % 2]);
    }
    float* to_sum = node_.sums.sum + lane;
    float* to_square = node_.sums.square + lane;
    hn::StoreU(hn::Add(hn::LoadU(d, to_sum), hn::Add(sum[0], sum[1])), d, to_sum);
    hn::StoreU(hn::Add(hn::LoadU(d, to_square), hn::Add(square[0], square[1])), d, to_square);
  }

  NodeSum node_;
};

template <int kPitch>
HWY_NOINLINE void RunSum(const NodeSum& node) {
  const Extent& extent = node.extent;
  const bool flat = node.copy.data == nullptr ||
                    (node.copy.row == extent.row() && node.copy.group == extent.image());
  const SumKernel<kPitch> kernel(node);
  Walk<false, kPitch, SumKernel<kPitch>>(extent, node.pools, kernel).Run(flat);
}

void SumNodeOnTarget(const NodeSum& node) {
  if (node.extent.pitch == 16) {
    RunSum<16>(node);
  } else if (node.extent.pitch == 32) {
    RunSum<32>(node);
  } else {
    RunSum<0>(node);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(SumNodeOnTarget);

void SumNode(const NodeSum& node) {
  MOTE_DCHECK(node.sums.sum == nullptr ||
              (node.sums.square != nullptr && node.sums.shift != nullptr));
  HWY_DYNAMIC_DISPATCH(SumNodeOnTarget)(node);
}

}  // namespace mote::native
#endif  // HWY_ONCE
