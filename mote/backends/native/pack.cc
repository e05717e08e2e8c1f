#include "mote/backends/native/pack.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/pack.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// dst[2 i] = a[i], dst[2 i + 1] = b[i].
HWY_INLINE void Interleave(const float* a, const float* b, std::ptrdiff_t count, float* dst) {
  const hn::ScalableTag<float> d;
  const hn::FixedTag<float, 4> d4;
  std::ptrdiff_t i = 0;
  for (; i + std::ptrdiff_t(hn::Lanes(d)) <= count; i += hn::Lanes(d)) {
    hn::StoreInterleaved2(hn::LoadU(d, a + i), hn::LoadU(d, b + i), d, dst + 2 * i);
  }
  for (; i + 4 <= count; i += 4) {
    hn::StoreInterleaved2(hn::LoadU(d4, a + i), hn::LoadU(d4, b + i), d4, dst + 2 * i);
  }
  for (; i < count; ++i) {
    dst[2 * i] = a[i];
    dst[2 * i + 1] = b[i];
  }
}

// The same with b = 0.
HWY_INLINE void InterleaveZero(const float* a, std::ptrdiff_t count, float* dst) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    dst[2 * i] = a[i];
    dst[2 * i + 1] = 0;
  }
}

void LoadPairs(const float* images, int count, int height, std::ptrdiff_t row, Pixels dst) {
  const std::ptrdiff_t image = height * row;
  for (int first = 0; first < count; first += 2) {
    const float* src = images + first * image;
    float* out = dst.data + first / 2 * dst.group;
    const bool pair = first + 1 < count;
    for (int y = 0; y < height; ++y, src += row, out += dst.row) {
      if (pair) {
        Interleave(src, src + image, row, out);
      } else {
        InterleaveZero(src, row, out);
      }
    }
  }
}

void RepeatPairs(const float* src, std::ptrdiff_t count, float* dst) {
  Interleave(src, src, count, dst);
}

void SumPairs(const float* src, std::ptrdiff_t count, float* dst) {
  const hn::ScalableTag<float> d;
  std::ptrdiff_t i = 0;
  for (; i + std::ptrdiff_t(hn::Lanes(d)) <= count; i += hn::Lanes(d)) {
    hn::Vec<decltype(d)> even, odd;
    hn::LoadInterleaved2(d, src + 2 * i, even, odd);
    hn::StoreU(hn::Add(even, odd), d, dst + i);
  }
  for (; i < count; ++i) dst[i] = src[2 * i] + src[2 * i + 1];
}

// Transposes within each four lanes of four vectors.
template <class V>
HWY_INLINE void TransposeFours(V& v0, V& v1, V& v2, V& v3) {
  const hn::DFromV<V> d;
  const hn::Repartition<std::uint64_t, decltype(d)> d64;
  const auto low01 = hn::BitCast(d64, hn::InterleaveLower(d, v0, v1));
  const auto low23 = hn::BitCast(d64, hn::InterleaveLower(d, v2, v3));
  const auto high01 = hn::BitCast(d64, hn::InterleaveUpper(d, v0, v1));
  const auto high23 = hn::BitCast(d64, hn::InterleaveUpper(d, v2, v3));
  v0 = hn::BitCast(d, hn::InterleaveLower(d64, low01, low23));
  v1 = hn::BitCast(d, hn::InterleaveUpper(d64, low01, low23));
  v2 = hn::BitCast(d, hn::InterleaveLower(d64, high01, high23));
  v3 = hn::BitCast(d, hn::InterleaveUpper(d64, high01, high23));
}

// dst[j][i] = src[i][j] of a block of 8 x 8.
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
HWY_INLINE void TransposeBlock(const float* src, std::ptrdiff_t src_row, float* dst,
                               std::ptrdiff_t dst_row) {
  const hn::FixedTag<float, 8> d;
  auto a0 = hn::LoadU(d, src), a1 = hn::LoadU(d, src + src_row),
       a2 = hn::LoadU(d, src + 2 * src_row), a3 = hn::LoadU(d, src + 3 * src_row);
  src += 4 * src_row;
  auto b0 = hn::LoadU(d, src), b1 = hn::LoadU(d, src + src_row),
       b2 = hn::LoadU(d, src + 2 * src_row), b3 = hn::LoadU(d, src + 3 * src_row);
  TransposeFours(a0, a1, a2, a3);
  TransposeFours(b0, b1, b2, b3);
  hn::StoreU(hn::ConcatLowerLower(d, b0, a0), d, dst);
  hn::StoreU(hn::ConcatLowerLower(d, b1, a1), d, dst + dst_row);
  hn::StoreU(hn::ConcatLowerLower(d, b2, a2), d, dst + 2 * dst_row);
  hn::StoreU(hn::ConcatLowerLower(d, b3, a3), d, dst + 3 * dst_row);
  dst += 4 * dst_row;
  hn::StoreU(hn::ConcatUpperUpper(d, b0, a0), d, dst);
  hn::StoreU(hn::ConcatUpperUpper(d, b1, a1), d, dst + dst_row);
  hn::StoreU(hn::ConcatUpperUpper(d, b2, a2), d, dst + 2 * dst_row);
  hn::StoreU(hn::ConcatUpperUpper(d, b3, a3), d, dst + 3 * dst_row);
}
#else
HWY_INLINE void TransposeBlock(const float* src, std::ptrdiff_t src_row, float* dst,
                               std::ptrdiff_t dst_row) {
  const hn::FixedTag<float, 4> d;
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 8; j += 4) {
      const float* in = src + i * src_row + j;
      float* out = dst + j * dst_row + i;
      auto v0 = hn::LoadU(d, in), v1 = hn::LoadU(d, in + src_row),
           v2 = hn::LoadU(d, in + 2 * src_row), v3 = hn::LoadU(d, in + 3 * src_row);
      TransposeFours(v0, v1, v2, v3);
      hn::StoreU(v0, d, out);
      hn::StoreU(v1, d, out + dst_row);
      hn::StoreU(v2, d, out + 2 * dst_row);
      hn::StoreU(v3, d, out + 3 * dst_row);
    }
  }
}
#endif

void TransposeMatrix(const float* src, int rows, int columns, float* dst) {
  const int whole_rows = rows / 8 * 8;
  const int whole_columns = columns / 8 * 8;
  for (int i = 0; i < whole_rows; i += 8) {
    for (int j = 0; j < whole_columns; j += 8) {
      TransposeBlock(src + std::ptrdiff_t(i) * columns + j, columns,
                     dst + std::ptrdiff_t(j) * rows + i, rows);
    }
  }
  for (int i = 0; i < rows; ++i) {
    for (int j = i < whole_rows ? whole_columns : 0; j < columns; ++j) {
      dst[std::ptrdiff_t(j) * rows + i] = src[std::ptrdiff_t(i) * columns + j];
    }
  }
}

void TransposeTaps(const float* src, int taps, int rows, int columns, bool flip, float* dst) {
  const std::ptrdiff_t matrix = std::ptrdiff_t(rows) * columns;
  for (int t = 0; t < taps; ++t) {
    TransposeMatrix(src + t * matrix, rows, columns, dst + (flip ? taps - 1 - t : t) * matrix);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(LoadPairs);
HWY_EXPORT(RepeatPairs);
HWY_EXPORT(SumPairs);
HWY_EXPORT(TransposeTaps);

void CheckGroup(int group) { MOTE_CHECK(group == 1 || group == 2, "group {}", group); }

}  // namespace

void LoadImages(std::span<const float> images, int count, int height, int width, int channels,
                int group, Pixels dst) {
  CheckGroup(group);
  const std::ptrdiff_t row = std::ptrdiff_t(width) * channels;
  MOTE_CHECK(std::ptrdiff_t(images.size()) >= count * height * row, "{} floats for {} images of {}",
             images.size(), count, height * row);
  if (group == 2) {
    HWY_DYNAMIC_DISPATCH(LoadPairs)(images.data(), count, height, row, dst);
    return;
  }
  const float* src = images.data();
  for (int n = 0; n < count; ++n) {
    for (int y = 0; y < height; ++y, src += row) {
      std::copy_n(src, row, dst.data + n * dst.group + y * dst.row);
    }
  }
}

void RepeatColumns(const float* src, int rows, int columns, int group, float* dst) {
  CheckGroup(group);
  const std::ptrdiff_t count = std::ptrdiff_t(rows) * columns;
  if (group == 1) {
    std::copy_n(src, count, dst);
  } else {
    HWY_DYNAMIC_DISPATCH(RepeatPairs)(src, count, dst);
  }
}

void SumLanes(const float* src, int rows, int columns, int group, float* dst) {
  CheckGroup(group);
  const std::ptrdiff_t count = std::ptrdiff_t(rows) * columns;
  if (group == 1) {
    std::copy_n(src, count, dst);
  } else {
    HWY_DYNAMIC_DISPATCH(SumPairs)(src, count, dst);
  }
}

void TransposeKernel(const float* src, int taps, int rows, int columns, bool flip, float* dst) {
  HWY_DYNAMIC_DISPATCH(TransposeTaps)(src, taps, rows, columns, flip, dst);
}

}  // namespace mote::native
#endif  // HWY_ONCE
