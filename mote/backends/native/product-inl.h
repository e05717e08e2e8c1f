// The two inner loops of all convolutions and matrix products, in registers. Included once per
// instruction set by foreach_target.h.
//
//   SumProducts   rows of a result: every scalar of the source times a row of weights. The rows of
//                 a block come in strands of rows at equal distance, so that few pointers reach
//                 them all and a strand can be 4 pixels of an image wherever it lies.
//   AddOuter      products summed over rows: the gradient to the weights.
//
// A core starts two multiply-adds a cycle that each take four: some 10 independent sums are needed
// to keep it busy, and no more loads than multiply-adds.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#if defined(MOTE_BACKENDS_NATIVE_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_BACKENDS_NATIVE_PRODUCT_INL_H_
#undef MOTE_BACKENDS_NATIVE_PRODUCT_INL_H_
#else
#define MOTE_BACKENDS_NATIVE_PRODUCT_INL_H_
#endif

#include "hwy/cache_control.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {  // the same templates differ from target to target and from file to file

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int kLanes = HWY_MAX_BYTES / sizeof(float);
// 32 registers rather than 16.
constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON;

// Vectors of a result row that are computed at once: 3 as long as that leaves none alone at the
// end.
constexpr int kMaxVectors = 3;
inline int VectorsOf(int left) { return left <= kMaxVectors ? left : left == 4 ? 2 : kMaxVectors; }

// One scalar of each of the kGroup images, in the pattern of the lanes. From memory: of 64 bits
// where two images share a vector.
template <int kGroup>
HWY_INLINE V Spread(const float* scalar) {
  if constexpr (kGroup == 1) {
    return hn::Set(D(), *scalar);
  } else {
    static_assert(kGroup == 2);
    double pair;
    std::memcpy(&pair, scalar, sizeof(pair));
    return hn::BitCast(D(), hn::Set(hn::Repartition<double, D>(), pair));
  }
}

// ---- SumProducts

// Strands of a block and rows of a strand, for results of `vectors` vectors. Rows that do not fill
// a block are computed in blocks of strands of a single row.
constexpr int StrandRows(int vectors) { return kManyRegisters || vectors != 2 ? 4 : 2; }
constexpr int StrandCount(int vectors) {
  if (kManyRegisters) return vectors == 1 ? 4 : 2;
  return vectors == 3 ? 1 : 3;
}
constexpr int SingleCount(int vectors) { return vectors == 1 ? 8 : kManyRegisters ? 6 : 4; }

// What all blocks of a call have in common. Distances in floats.
struct Product {
  std::ptrdiff_t src_step = 0;  // from row to row of a strand
  std::ptrdiff_t dst_step = 0;
  std::ptrdiff_t src_part = 0;  // from part to part of the sum: rows of a convolution's kernel
  int k = 0;                    // scalars of a part; they follow each other
  const float* weights = nullptr;
  std::ptrdiff_t weights_row = 0;
};

// For kK of SumProducts. Without fused multiply-adds a loop unrolled that far runs out of
// registers.
constexpr int Known(int k) { return HWY_TARGET == HWY_SSE4 ? 0 : k; }

// sums += spread(src) * weights of one scalar of every row.
template <int kGroup, int kVectors, int kStrands, int kRows>
HWY_INLINE void AddScalar(const float* const (&src)[kStrands], std::ptrdiff_t step,
                          const float* weights, V (&sums)[kStrands][kRows][kVectors]) {
  V w[kVectors];
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) w[v] = hn::LoadU(D(), weights + v * kLanes);
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const V x = Spread<kGroup>(src[s] + r * step);
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[s][r][v] = hn::MulAdd(x, w[v], sums[s][r][v]);
    }
  }
}

// sums[strand][row] = sum over parts and k of spread(src) * weights. kK: 0, or what k is
// known to be: a loop of few rounds is slow.
template <int kGroup, int kVectors, int kParts, int kK, int kStrands, int kRows>
HWY_INLINE void SumProducts(const Product& product, const float* (&src)[kStrands],
                            V (&sums)[kStrands][kRows][kVectors]) {
  const std::ptrdiff_t step = product.src_step;
  [[maybe_unused]] const std::ptrdiff_t next_part = product.src_part - product.k * kGroup;
  const std::ptrdiff_t weights_row = product.weights_row;
  const float* weights = product.weights;
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[s][r][v] = hn::Zero(D());
    }
  }
#pragma GCC unroll 1
  for (int part = 0; part < kParts; ++part) {
    if constexpr (kK > 0) {
#pragma GCC unroll 16
      for (int k = 0; k < kK; ++k) {
        AddScalar<kGroup>(src, step, weights, sums);
        weights += weights_row;
#pragma GCC unroll 8
        for (int s = 0; s < kStrands; ++s) src[s] += kGroup;
      }
    } else {
#pragma GCC unroll 4
      for (int k = 0; k < product.k; ++k) {
        AddScalar<kGroup>(src, step, weights, sums);
        weights += weights_row;
#pragma GCC unroll 8
        for (int s = 0; s < kStrands; ++s) src[s] += kGroup;
      }
    }
    if constexpr (kParts > 1) {
#pragma GCC unroll 8
      for (int s = 0; s < kStrands; ++s) src[s] += next_part;
    }
  }
}

// ---- AddOuter

// Columns (scalars of the source) of a block of sums.
constexpr int MaxColumns(int vectors) {
  if (kManyRegisters) return vectors == 1 ? 16 : vectors == 2 ? 12 : 8;
  return vectors == 1 ? 12 : vectors == 2 ? 6 : 4;
}

// The rows summed over: pixels of groups of images. Distances in floats.
struct OuterRows {
  int groups = 1, height = 1, width = 0;
  std::ptrdiff_t src_step = 0, src_row = 0, src_group = 0;
  std::ptrdiff_t rhs_step = 0, rhs_row = 0, rhs_group = 0;
};

// dst[c][.] += sum over rows of spread(src[row][c]) * rhs[row][.], of kColumns columns and kVectors
// vectors. kAhead: 0, or how many rows ahead to ask for data. Few sums are taken twice, of even and
// odd rows, where the registers allow.
template <int kGroup, int kVectors, int kAhead, int kColumns>
void AddOuterBlock(const OuterRows& rows, const float* src, const float* rhs, float* dst,
                   std::ptrdiff_t dst_row) {
  constexpr int kParts = kVectors * kColumns < (kManyRegisters ? 10 : 7) ? 2 : 1;
  const D d;
  V sums[kParts][kColumns][kVectors];
#pragma GCC unroll 2
  for (int part = 0; part < kParts; ++part) {
#pragma GCC unroll 16
    for (int c = 0; c < kColumns; ++c) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[part][c][v] = hn::Zero(d);
    }
  }
  const std::ptrdiff_t src_step = rows.src_step;
  const std::ptrdiff_t rhs_step = rows.rhs_step;
  for (int group = 0; group < rows.groups; ++group) {
    for (int y = 0; y < rows.height; ++y) {
      const float* a = src + group * rows.src_group + y * rows.src_row;
      const float* b = rhs + group * rows.rhs_group + y * rows.rhs_row;
      int x = 0;
      for (; x + kParts <= rows.width; x += kParts) {
#pragma GCC unroll 2
        for (int part = 0; part < kParts; ++part) {
          V w[kVectors];
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) w[v] = hn::LoadU(d, b + v * kLanes);
#pragma GCC unroll 16
          for (int c = 0; c < kColumns; ++c) {
            const V s = Spread<kGroup>(a + c * kGroup);
#pragma GCC unroll 8
            for (int v = 0; v < kVectors; ++v) {
              sums[part][c][v] = hn::MulAdd(s, w[v], sums[part][c][v]);
            }
          }
          if (kAhead > 0) {
            hwy::Prefetch(a + kAhead * src_step);
            hwy::Prefetch(b + kAhead * rhs_step);
          }
          a += src_step;
          b += rhs_step;
        }
      }
      if (kParts > 1 && x < rows.width) {
        V w[kVectors];
#pragma GCC unroll 8
        for (int v = 0; v < kVectors; ++v) w[v] = hn::LoadU(d, b + v * kLanes);
#pragma GCC unroll 16
        for (int c = 0; c < kColumns; ++c) {
          const V s = Spread<kGroup>(a + c * kGroup);
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) sums[0][c][v] = hn::MulAdd(s, w[v], sums[0][c][v]);
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < kColumns; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      V sum = sums[0][c][v];
      if constexpr (kParts > 1) sum = hn::Add(sum, sums[kParts - 1][c][v]);
      float* HWY_RESTRICT to = dst + c * dst_row + v * kLanes;
      hn::StoreU(hn::Add(hn::LoadU(d, to), sum), d, to);
    }
  }
}

using OuterKernel = void (*)(const OuterRows&, const float*, const float*, float*, std::ptrdiff_t);

// [columns - 1]
template <int kGroup, int kVectors, int kAhead, int... kColumns>
constexpr std::array<OuterKernel, sizeof...(kColumns)> OuterKernelsOf(
    std::integer_sequence<int, kColumns...>) {
  return {&AddOuterBlock<kGroup, kVectors, kAhead, kColumns + 1>...};
}
template <int kGroup, int kVectors, int kAhead>
constexpr auto kOuterKernels = OuterKernelsOf<kGroup, kVectors, kAhead>(
    std::make_integer_sequence<int, MaxColumns(kVectors)>());

// All `columns` of `vectors` vectors, in blocks of columns of almost equal size.
template <int kGroup, int kVectors, int kAhead>
void AddOuterColumns(const OuterRows& rows, const float* src, const float* rhs, int columns,
                     float* dst, std::ptrdiff_t dst_row) {
  int blocks = (columns + MaxColumns(kVectors) - 1) / MaxColumns(kVectors);
  for (int done = 0; blocks > 0; --blocks) {
    const int now = (columns - done + blocks - 1) / blocks;
    kOuterKernels<kGroup, kVectors, kAhead>[now - 1](rows, src + done * kGroup, rhs,
                                                     dst + done * dst_row, dst_row);
    done += now;
  }
}

// dst[columns][n] += sum over rows of spread(src[row][column]) * rhs[row][n].
template <int kGroup>
void AddOuter(const OuterRows& rows, const float* src, const float* rhs, int columns, int n,
              float* dst, std::ptrdiff_t dst_row) {
  constexpr int kAhead = 8;
  for (int left = n / kLanes; left > 0;) {
    const int vectors = VectorsOf(left);
    switch (vectors) {
      case 1:
        // A single vector a row is used up as fast as the second cache brings the next; where rows
        // follow each other for long enough, ask in time.
        if (rows.width >= kAhead) {
          AddOuterColumns<kGroup, 1, kAhead>(rows, src, rhs, columns, dst, dst_row);
        } else {
          AddOuterColumns<kGroup, 1, 0>(rows, src, rhs, columns, dst, dst_row);
        }
        break;
      case 2:
        AddOuterColumns<kGroup, 2, 0>(rows, src, rhs, columns, dst, dst_row);
        break;
      default:
        AddOuterColumns<kGroup, 3, 0>(rows, src, rhs, columns, dst, dst_row);
    }
    left -= vectors;
    rhs += vectors * kLanes;
    dst += vectors * kLanes;
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // MOTE_BACKENDS_NATIVE_PRODUCT_INL_H_
