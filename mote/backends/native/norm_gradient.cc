#include "mote/backends/native/norm_gradient.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/norm_gradient.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

#ifndef MOTE_BACKENDS_NATIVE_NORM_GRADIENT_ONCE_
#define MOTE_BACKENDS_NATIVE_NORM_GRADIENT_ONCE_
namespace mote::native {
namespace {

struct Work {
  Extent extent;
  ConstPixels g;
  ConstPixels y;
  NormGradient norm;
  const float* mask;
  Pixels dst;           // first float written
  std::ptrdiff_t step;  // between pixels of dst
};

}  // namespace
}  // namespace mote::native
#endif

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int kLanes = HWY_LANES(float);

// The factors of kVectors vectors of a pixel.
template <int kVectors>
struct Factors {
  V scale[kVectors];
  V slope[kVectors];
  V mean_g[kVectors];
  V mean_y[kVectors];

  HWY_INLINE Factors(const Work& work, int lane) {
    const D d;
    for (int v = 0; v < kVectors; ++v, lane += kLanes) {
      scale[v] = hn::LoadU(d, work.norm.scale + lane);
      slope[v] = hn::LoadU(d, work.norm.slope + lane);
      mean_g[v] = hn::LoadU(d, work.norm.mean_g + lane);
      mean_y[v] = hn::LoadU(d, work.norm.mean_y + lane);
      if (work.mask == nullptr) continue;
      const V mask = hn::LoadU(d, work.mask + lane);
      scale[v] = hn::Mul(scale[v], mask);
      slope[v] = hn::Mul(slope[v], mask);
    }
  }
};

// kPixels of a row.
template <int kPixels, int kVectors>
HWY_INLINE void RowPart(const float* HWY_RESTRICT g, const float* HWY_RESTRICT y,
                        std::ptrdiff_t pitch, const Factors<kVectors>& factors,
                        float* HWY_RESTRICT dst, std::ptrdiff_t step) {
  const D d;
#pragma GCC unroll 8
  for (int p = 0; p < kPixels; ++p) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      const std::ptrdiff_t at = p * pitch + v * kLanes;
      const V from_y = hn::Sub(hn::Load(d, y + at), factors.mean_y[v]);
      const V from_g = hn::Sub(hn::Load(d, g + at), factors.mean_g[v]);
      hn::StoreU(hn::MulAdd(factors.scale[v], from_g, hn::Mul(factors.slope[v], from_y)), d,
                 dst + p * step + v * kLanes);
    }
  }
}

// kVectors vectors of each pixel. kPitch: the pitch and the step, if they are known, else 0.
template <int kPitch, int kVectors>
HWY_INLINE void ApplyToLanes(const Work& work, int lane) {
  const Factors<kVectors> factors(work, lane);
  const std::ptrdiff_t pitch = kPitch != 0 ? kPitch : work.extent.pitch;
  const std::ptrdiff_t step = kPitch != 0 ? kPitch : work.step;
  const int width = work.extent.width;
  for (int group = 0; group < work.extent.groups; ++group) {
    const float* g = work.g.data + group * work.g.group + lane;
    const float* y = work.y.data + group * work.y.group + lane;
    float* dst = work.dst.data + group * work.dst.group + lane;
    for (int row = 0; row < work.extent.height; ++row) {
      int p = 0;
      for (; p + 4 <= width; p += 4) {
        RowPart<4, kVectors>(g + p * pitch, y + p * pitch, pitch, factors, dst + p * step, step);
      }
      for (; p < width; ++p) {
        RowPart<1, kVectors>(g + p * pitch, y + p * pitch, pitch, factors, dst + p * step, step);
      }
      g += work.g.row;
      y += work.y.row;
      dst += work.dst.row;
    }
  }
}

// Two vectors of a pixel at once where there are two: the cache fetches lines in pairs.
template <int kPitch>
HWY_INLINE void Apply(const Work& work) {
  const int pitch = kPitch != 0 ? kPitch : work.extent.pitch;
  int lane = 0;
  for (; lane + 2 * kLanes <= pitch; lane += 2 * kLanes) ApplyToLanes<kPitch, 2>(work, lane);
  for (; lane < pitch; lane += kLanes) ApplyToLanes<kPitch, 1>(work, lane);
}

void ApplyNormGradientOnTarget(const Work& work) {
  if (work.extent.pitch == 16 && work.step == 16) {
    Apply<16>(work);
  } else if (work.extent.pitch == 32 && work.step == 32) {
    Apply<32>(work);
  } else {
    Apply<0>(work);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(ApplyNormGradientOnTarget);

void ApplyNormGradient(const Extent& extent, ConstPixels g, ConstPixels y, const NormGradient& norm,
                       const float* mask, Pixels dst, int dst_pitch, int column, int spacing) {
  MOTE_CHECK(column >= 0 && column + extent.pitch <= dst_pitch && spacing >= 1);
  dst.data += column;
  dst.row *= spacing;
  HWY_DYNAMIC_DISPATCH(ApplyNormGradientOnTarget)
  ({extent, g, y, norm, mask, dst, std::ptrdiff_t(dst_pitch) * spacing});
}

}  // namespace mote::native
#endif  // HWY_ONCE
