#include "mote/backends/native/gemm.h"

#include "mote/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/gemm.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/backends/native/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

// kStrands strands of kRows rows, from row 0 of a and d on; strands of a single row: the first
// `count` of them.
template <int kGroup, int kVectors, int kK, int kStrands, int kRows>
HWY_INLINE void MultiplyBlock(const Product& product, const float* a, float* d, int count) {
  const std::ptrdiff_t step = product.dst_step;
  const float* src[kStrands];
  src[0] = a;
#pragma GCC unroll 8
  for (int s = 1; s < kStrands; ++s) {
    src[s] = src[s - 1] + (kRows > 1 || s < count ? kRows * product.src_step : 0);
  }
  V sums[kStrands][kRows][kVectors];
  SumProducts<kGroup, kVectors, 1, kK>(product, src, sums);
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
    if (kRows == 1 && s >= count) break;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[s][r][v], D(), d + v * kLanes);
      d += step;
    }
  }
}

// Fewer rows than a block of MultiplyRows.
template <int kGroup, int kVectors>
HWY_NOINLINE void MultiplyRest(const Product& product, int m, const float* a, float* d) {
  constexpr int kSingles = SingleCount(kVectors);
  while (m > 0) {
    const int count = std::min(m, kSingles);
    MultiplyBlock<kGroup, kVectors, 0, kSingles, 1>(product, a, d, count);
    a += count * product.src_step;
    d += count * product.dst_step;
    m -= count;
  }
}

// kVectors vectors of all rows of a product; kK as of SumProducts. Out of line, so that it has the
// registers to itself.
template <int kGroup, int kVectors, int kK>
HWY_NOINLINE void MultiplyRows(const Product& product, int m, const float* a, float* d) {
  constexpr int kRows = StrandRows(kVectors);
  constexpr int kStrands = StrandCount(kVectors);
  constexpr int kBlock = kStrands * kRows;
  for (; m >= kBlock; m -= kBlock) {
    MultiplyBlock<kGroup, kVectors, kK, kStrands, kRows>(product, a, d, kStrands);
    a += kBlock * product.src_step;
    d += kBlock * product.dst_step;
  }
  if (m > 0) MultiplyRest<kGroup, kVectors>(product, m, a, d);
}

template <int kGroup, int kVectors>
HWY_INLINE void MultiplyVectors(const Product& product, int m, const float* a, float* d) {
  if (product.k == 8) {
    MultiplyRows<kGroup, kVectors, Known(8)>(product, m, a, d);
  } else if (product.k == 16) {
    MultiplyRows<kGroup, kVectors, Known(16)>(product, m, a, d);
  } else {
    MultiplyRows<kGroup, kVectors, 0>(product, m, a, d);
  }
}

template <int kGroup>
void MultiplyAll(const Matrices& matrices) {
  for (int i = 0; i < matrices.count; ++i) {
    const float* a = matrices.a + i * matrices.a_matrix;
    float* d = matrices.d + i * matrices.d_matrix;
    Product product = {.src_step = matrices.a_row,
                       .dst_step = matrices.d_row,
                       .k = matrices.k,
                       .weights = matrices.b + i * matrices.b_matrix,
                       .weights_row = matrices.b_row};
    for (int left = matrices.n / kLanes; left > 0;) {
      const int vectors = VectorsOf(left);
      switch (vectors) {
        case 1:
          MultiplyVectors<kGroup, 1>(product, matrices.m, a, d);
          break;
        case 2:
          MultiplyVectors<kGroup, 2>(product, matrices.m, a, d);
          break;
        default:
          MultiplyVectors<kGroup, 3>(product, matrices.m, a, d);
      }
      left -= vectors;
      product.weights += vectors * kLanes;
      d += vectors * kLanes;
    }
  }
}

}  // namespace

void MultiplyOfTarget(const Matrices& matrices) {
  MOTE_CHECK(matrices.n % kLanes == 0);
  if (matrices.group == 1) {
    MultiplyAll<1>(matrices);
  } else {
    MultiplyAll<2>(matrices);
  }
}

void AccumulateOuterOfTarget(const Matrices& matrices) {
  MOTE_CHECK(matrices.n % kLanes == 0);
  const OuterRows rows = {
      .width = matrices.m, .src_step = matrices.a_row, .rhs_step = matrices.b_row};
  for (int i = 0; i < matrices.count; ++i) {
    const float* a = matrices.a + i * matrices.a_matrix;
    const float* b = matrices.b + i * matrices.b_matrix;
    float* d = matrices.d + i * matrices.d_matrix;
    if (matrices.group == 1) {
      AddOuter<1>(rows, a, b, matrices.k, matrices.n, d, matrices.d_row);
    } else {
      AddOuter<2>(rows, a, b, matrices.k, matrices.n, d, matrices.d_row);
    }
  }
}

}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(MultiplyOfTarget);
HWY_EXPORT(AccumulateOuterOfTarget);

}  // namespace

void Multiply(const Matrices& matrices) {
  MOTE_CHECK(matrices.group == 1 || matrices.group == 2);
  HWY_DYNAMIC_DISPATCH(MultiplyOfTarget)(matrices);
}

void AccumulateOuter(const Matrices& matrices) {
  MOTE_CHECK(matrices.group == 1 || matrices.group == 2);
  HWY_DYNAMIC_DISPATCH(AccumulateOuterOfTarget)(matrices);
}

}  // namespace mote::native
#endif  // HWY_ONCE
