#include "mote/backends/native/pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/pool.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int kLanes = HWY_LANES(float);

// Four sums side by side, so that additions need not wait for each other.
struct Sums {
  V sum[4];

  HWY_INLINE Sums() {
    for (V& part : sum) part = hn::Zero(D());
  }

  HWY_INLINE void AddRow(const float* HWY_RESTRICT src, int pixels, std::ptrdiff_t pitch) {
    const D d;
    for (; pixels >= 4; pixels -= 4, src += 4 * pitch) {
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) sum[i] = hn::Add(sum[i], hn::Load(d, src + i * pitch));
    }
#pragma GCC unroll 3
    for (int i = 0; i < 3; ++i) {
      if (i < pixels) sum[i] = hn::Add(sum[i], hn::Load(d, src + i * pitch));
    }
  }

  HWY_INLINE V Total() const { return hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3])); }
};

// One group.
HWY_INLINE void PoolImage(const Extent& extent, const float* HWY_RESTRICT src, int height,
                          int width, float* HWY_RESTRICT dst) {
  const D d;
  const std::ptrdiff_t pitch = extent.pitch;
  const int rows = extent.height / height;
  const int columns = extent.width / width;
  const V factor = hn::Set(d, 1.0f / float(height * width));
  // Windows as wide as the image lie in one piece.
  const bool whole = width == extent.width;
  for (int row = 0; row < rows; ++row) {
    const float* from_row = src + std::ptrdiff_t(row) * height * extent.row();
    for (int column = 0; column < columns; ++column) {
      for (int lane = 0; lane < extent.pitch; lane += kLanes) {
        const float* HWY_RESTRICT from = from_row + std::ptrdiff_t(column) * width * pitch + lane;
        V total;
        if (width == 2 && height == 2) {
          const float* below = from + extent.row();
          total = hn::Add(hn::Add(hn::Load(d, from), hn::Load(d, from + pitch)),
                          hn::Add(hn::Load(d, below), hn::Load(d, below + pitch)));
        } else {
          Sums sums;
          if (whole) {
            sums.AddRow(from, height * width, pitch);
          } else {
            for (int y = 0; y < height; ++y) sums.AddRow(from + y * extent.row(), width, pitch);
          }
          total = sums.Total();
        }
        hn::Store(hn::Mul(total, factor), d, dst + lane);
      }
      dst += pitch;
    }
  }
}

void PoolWindowsOnTarget(const Extent& extent, const float* src, int height, int width,
                         float* dst) {
  const std::ptrdiff_t result =
      std::ptrdiff_t(extent.height / height) * (extent.width / width) * extent.pitch;
  for (int group = 0; group < extent.groups; ++group) {
    PoolImage(extent, src + group * extent.image(), height, width, dst + group * result);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(PoolWindowsOnTarget);

void PoolWindows(const Extent& extent, const float* src, int height, int width, float* dst) {
  MOTE_CHECK(height >= 1 && width >= 1);
  HWY_DYNAMIC_DISPATCH(PoolWindowsOnTarget)(extent, src, height, width, dst);
}

}  // namespace mote::native
#endif  // HWY_ONCE
