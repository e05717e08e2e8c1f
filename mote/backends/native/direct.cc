#include "mote/backends/native/direct.h"

#include "mote/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/direct.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/backends/native/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

// One vector of the results: where it lies in pixel (0, 0), and its sums.
struct ResultVector {
  Pixels pixels;
  float* sum = nullptr;  // may be null
  float* square = nullptr;
  const float* shift = nullptr;
};

// The pixels of a block: strands of pixels side by side.
template <int kVectors, int kStrands>
struct Strands {
  int count = 0;
  const float* src[kStrands];
  float* dst[kStrands][kVectors];

  void Push(const float* from, float* const (&to)[kVectors], std::ptrdiff_t offset) {
    src[count] = from;
    for (int v = 0; v < kVectors; ++v) dst[count][v] = to[v] + offset;
    ++count;
  }
};

// Adds values[.][.][v] of the strands that count to the sums of vector v.
template <int kVectors, int kStrands, int kRows>
HWY_INLINE void AddMoments(const V (&values)[kStrands][kRows][kVectors], int v, int count,
                           const ResultVector& result) {
  const D d;
  const V shift = hn::LoadU(d, result.shift);
  // Four sums each, for additions to overlap.
  V sum[4];
  V square[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) sum[i] = square[i] = hn::Zero(d);
#pragma GCC unroll 16
  for (int i = 0; i < kStrands * kRows; ++i) {
    if (kRows == 1 && i >= count) break;
    const V moved = hn::Sub(values[i / kRows][i % kRows][v], shift);
    sum[i % 4] = hn::Add(sum[i % 4], moved);
    square[i % 4] = hn::MulAdd(moved, moved, square[i % 4]);
  }
  const V sum_all = hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3]));
  const V square_all = hn::Add(hn::Add(square[0], square[1]), hn::Add(square[2], square[3]));
  hn::StoreU(hn::Add(hn::LoadU(d, result.sum), sum_all), d, result.sum);
  hn::StoreU(hn::Add(hn::LoadU(d, result.square), square_all), d, result.square);
}

// Computes and writes the pixels of the strands, and drops them. All strands are there, but for
// those of one pixel. Out of line, so that it has the registers to itself.
template <int kGroup, int kVectors, int kKernel, int kK, int kStrands, int kRows>
HWY_NOINLINE void Flush(const Product& product, const ResultVector* results, bool add,
                        Strands<kVectors, kStrands>& strands) {
  const D d;
  const int count = strands.count;
  strands.count = 0;
  const float* src[kStrands];
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
    src[s] = strands.src[kRows == 1 && s >= count ? 0 : s];
  }
  V sums[kStrands][kRows][kVectors];
  SumProducts<kGroup, kVectors, kKernel, kK>(product, src, sums);
  const std::ptrdiff_t step = product.dst_step;
  if (add) {
#pragma GCC unroll 8
    for (int s = 0; s < kStrands; ++s) {
      if (kRows == 1 && s >= count) break;
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) {
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
          sums[s][r][v] = hn::Add(sums[s][r][v], hn::LoadU(d, strands.dst[s][v] + r * step));
        }
      }
    }
  }
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
    if (kRows == 1 && s >= count) break;
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      float* HWY_RESTRICT to = strands.dst[s][v];
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) hn::StoreU(sums[s][r][v], d, to + r * step);
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) {
    if (results[v].sum != nullptr) AddMoments(sums, v, count, results[v]);
  }
}

// kVectors vectors of all pixels; kK as of SumProducts.
template <int kGroup, int kVectors, int kKernel, int kK>
void ConvolvePixels(const ConvShape& shape, const Product& product, ConstPixels src,
                    const ResultVector* results, bool add) {
  constexpr int kRows = StrandRows(kVectors);
  constexpr int kStrands = StrandCount(kVectors);
  constexpr int kSingles = SingleCount(kVectors);
  const std::ptrdiff_t src_step = product.src_step;
  const std::ptrdiff_t dst_step = product.dst_step;
  Strands<kVectors, kStrands> strands;
  Strands<kVectors, kSingles> singles;  // pixels left over at the end of a row, and of the block
  const int whole = shape.width - shape.width % kRows;
  for (int group = 0; group < shape.groups; ++group) {
    for (int y = 0; y < shape.height; ++y) {
      const float* from = src.data + group * src.group + y * shape.stride * src.row;
      float* to[kVectors];
      for (int v = 0; v < kVectors; ++v) {
        const Pixels& pixels = results[v].pixels;
        to[v] = pixels.data + group * pixels.group + y * pixels.row;
      }
      for (int x = 0; x < whole; x += kRows) {
        strands.Push(from + x * src_step, to, x * dst_step);
        if (strands.count == kStrands) {
          Flush<kGroup, kVectors, kKernel, kK, kStrands, kRows>(product, results, add, strands);
        }
      }
      for (int x = whole; x < shape.width; ++x) {
        singles.Push(from + x * src_step, to, x * dst_step);
        if (singles.count == kSingles) {
          Flush<kGroup, kVectors, kKernel, 0, kSingles, 1>(product, results, add, singles);
        }
      }
    }
  }
  for (int s = 0; s < strands.count; ++s) {
    for (int r = 0; r < kRows; ++r) {
      singles.Push(strands.src[s] + r * src_step, strands.dst[s], r * dst_step);
      if (singles.count == kSingles) {
        Flush<kGroup, kVectors, kKernel, 0, kSingles, 1>(product, results, add, singles);
      }
    }
  }
  if (singles.count > 0)
    Flush<kGroup, kVectors, kKernel, 0, kSingles, 1>(product, results, add, singles);
}

template <int kGroup, int kVectors>
HWY_INLINE void ConvolveVectors(const ConvShape& shape, const Product& product, ConstPixels src,
                                const ResultVector* results, bool add) {
  const auto convolve =
      shape.kernel == 1
          ? (product.k == 8    ? &ConvolvePixels<kGroup, kVectors, 1, Known(8)>
             : product.k == 16 ? &ConvolvePixels<kGroup, kVectors, 1, Known(16)>
                               : &ConvolvePixels<kGroup, kVectors, 1, 0>)
          : (product.k == 9 ? &ConvolvePixels<kGroup, kVectors, 3, Known(9)>  // of colours
                            : &ConvolvePixels<kGroup, kVectors, 3, 0>);
  convolve(shape, product, src, results, add);
}

template <int kGroup>
void ConvolveAll(const ConvShape& shape, ConstPixels src, const float* weights,
                 std::span<const ConvResult> results, bool add) {
  const int vectors = shape.n / int(results.size()) / kLanes;  // of a result
  Product product = {.src_step = std::ptrdiff_t(shape.stride) * shape.in_channels * kGroup,
                     .dst_step = std::ptrdiff_t(vectors) * kLanes,
                     .src_part = src.row,
                     .k = shape.kernel * shape.in_channels,
                     .weights = weights,
                     .weights_row = shape.n};
  const int total = shape.n / kLanes;
  for (int first = 0; first < total;) {
    const int now = VectorsOf(total - first);
    ResultVector block[kMaxVectors];
    for (int v = 0; v < now; ++v) {
      const ConvResult& result = results[(first + v) / vectors];
      const int at = (first + v) % vectors * kLanes;
      block[v].pixels = result.pixels;
      block[v].pixels.data += at;
      if (result.sums.sum == nullptr) continue;
      block[v].sum = result.sums.sum + at;
      block[v].square = result.sums.square + at;
      block[v].shift = result.sums.shift + at;
    }
    switch (now) {
      case 1:
        ConvolveVectors<kGroup, 1>(shape, product, src, block, add);
        break;
      case 2:
        ConvolveVectors<kGroup, 2>(shape, product, src, block, add);
        break;
      default:
        ConvolveVectors<kGroup, 3>(shape, product, src, block, add);
    }
    first += now;
    product.weights += now * kLanes;
  }
}

}  // namespace

void ConvolveOfTarget(const ConvShape& shape, ConstPixels src, const float* weights,
                      std::span<const ConvResult> results, bool add) {
  MOTE_CHECK(shape.n % (int(results.size()) * kLanes) == 0);
  if (shape.group == 1) {
    ConvolveAll<1>(shape, src, weights, results, add);
  } else {
    ConvolveAll<2>(shape, src, weights, results, add);
  }
}

void KernelGradientOfTarget(const ConvShape& shape, ConstPixels src, ConstPixels dy, float* dw) {
  MOTE_CHECK(shape.n % kLanes == 0);
  const OuterRows rows = {
      .groups = shape.groups,
      .height = shape.height,
      .width = shape.width,
      .src_step = std::ptrdiff_t(shape.stride) * shape.in_channels * shape.group,
      .src_row = shape.stride * src.row,
      .src_group = src.group,
      .rhs_step = shape.n,
      .rhs_row = dy.row,
      .rhs_group = dy.group};
  // The taps of a row of the kernel follow each other in the source as in dw.
  const int columns = shape.kernel * shape.in_channels;
  for (int y = 0; y < shape.kernel; ++y) {
    const float* from = src.data + y * src.row;
    float* to = dw + std::ptrdiff_t(y) * columns * shape.n;
    if (shape.group == 1) {
      AddOuter<1>(rows, from, dy.data, columns, shape.n, to, shape.n);
    } else {
      AddOuter<2>(rows, from, dy.data, columns, shape.n, to, shape.n);
    }
  }
}

}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(ConvolveOfTarget);
HWY_EXPORT(KernelGradientOfTarget);

// Finds out whether a 1x1 kernel of stride 1 sees images without gaps: they are one long row.
class Flattening {
 public:
  explicit Flattening(const ConvShape& shape)
      : shape_(shape), rows_(shape.kernel == 1 && shape.stride == 1), groups_(rows_) {}

  // One more array, with `pixel` floats a pixel, that the call reads or writes.
  void Check(const ConstPixels& pixels, std::ptrdiff_t pixel) {
    const std::ptrdiff_t row = shape_.width * pixel;
    rows_ = rows_ && (shape_.height == 1 || pixels.row == row);
    groups_ = groups_ && (shape_.groups == 1 || pixels.group == shape_.height * row);
  }

  ConvShape shape() const {
    ConvShape flat = shape_;
    if (!rows_) return flat;
    flat.width *= flat.height;
    flat.height = 1;
    if (!groups_) return flat;
    flat.width *= flat.groups;
    flat.groups = 1;
    return flat;
  }

 private:
  const ConvShape& shape_;
  bool rows_;
  bool groups_;
};

void Check(const ConvShape& shape) {
  MOTE_CHECK(shape.kernel == 1 || shape.kernel == 3);
  MOTE_CHECK(shape.group == 1 || shape.group == 2);
}

}  // namespace

void Convolve(const ConvShape& shape, ConstPixels src, const float* weights,
              std::span<const ConvResult> results, bool add) {
  Check(shape);
  MOTE_CHECK(!results.empty());
  Flattening flattening(shape);
  flattening.Check(src, shape.in_channels * shape.group);
  for (const ConvResult& result : results) {
    MOTE_CHECK(!add || result.sums.sum == nullptr);
    flattening.Check(result.pixels, shape.n / std::ptrdiff_t(results.size()));
  }
  HWY_DYNAMIC_DISPATCH(ConvolveOfTarget)(flattening.shape(), src, weights, results, add);
}

void ConvolveKernelGradient(const ConvShape& shape, ConstPixels src, ConstPixels dy, float* dw) {
  Check(shape);
  Flattening flattening(shape);
  flattening.Check(src, shape.in_channels * shape.group);
  flattening.Check(dy, shape.n);
  HWY_DYNAMIC_DISPATCH(KernelGradientOfTarget)(flattening.shape(), src, dy, dw);
}

}  // namespace mote::native
#endif  // HWY_ONCE
