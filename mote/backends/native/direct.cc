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

// The pixels of a block: strands of kRows pixels side by side.
template <int kVectors, int kStrands>
struct Strands {
  int count = 0;
  const float* src[kStrands];
  float* dst[kStrands][kVectors];
};

template <int kRows>
HWY_INLINE V SumOf(const V (&values)[kRows]) {
  if constexpr (kRows == 4) {
    return hn::Add(hn::Add(values[0], values[1]), hn::Add(values[2], values[3]));
  } else if constexpr (kRows == 2) {
    return hn::Add(values[0], values[1]);
  } else {
    static_assert(kRows == 1);
    return values[0];
  }
}

// Computes, writes and drops the strands. Out of line, so that it has the registers to itself.
template <int kGroup, int kVectors, int kStrands, int kRows>
HWY_NOINLINE void Flush(const Product& product, const ResultVector* results, bool add,
                        Strands<kVectors, kStrands>& strands) {
  const D d;
  const int count = strands.count;
  if (count == 0) return;
  strands.count = 0;
  const float* src[kStrands];
  src[0] = strands.src[0];
#pragma GCC unroll 8
  for (int s = 1; s < kStrands; ++s) src[s] = strands.src[s < count ? s : 0];
  V sums[kStrands][kRows][kVectors];
  SumProducts<kGroup, kVectors, kStrands, kRows>(product, src, sums);
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
    if (s >= count) break;
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      float* HWY_RESTRICT to = strands.dst[s][v];
      if (add) {
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
          sums[s][r][v] = hn::Add(sums[s][r][v], hn::LoadU(d, to + r * product.dst_step));
        }
      }
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) hn::StoreU(sums[s][r][v], d, to + r * product.dst_step);
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) {
    if (results[v].sum == nullptr) continue;
    const V shift = hn::LoadU(d, results[v].shift);
    V sum = hn::LoadU(d, results[v].sum);
    V square = hn::LoadU(d, results[v].square);
#pragma GCC unroll 8
    for (int s = 0; s < kStrands; ++s) {
      if (s >= count) break;
      V moved[kRows];
      V squares[kRows];
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        moved[r] = hn::Sub(sums[s][r][v], shift);
        squares[r] = hn::Mul(moved[r], moved[r]);
      }
      sum = hn::Add(sum, SumOf(moved));
      square = hn::Add(square, SumOf(squares));
    }
    hn::StoreU(sum, d, results[v].sum);
    hn::StoreU(square, d, results[v].square);
  }
}

// kVectors vectors of all pixels.
template <int kGroup, int kVectors>
void ConvolveVectors(const ConvShape& shape, const Product& product, ConstPixels src,
                     const ResultVector* results, bool add) {
  constexpr int kRows = StrandRows(kVectors);
  constexpr int kStrands = StrandCount(kVectors);
  constexpr int kLeftovers = LeftoverCount(kVectors);
  Strands<kVectors, kStrands> strands;
  Strands<kVectors, kLeftovers> leftovers;  // pixels at the end of a row
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
        strands.src[strands.count] = from + x * product.src_step;
        for (int v = 0; v < kVectors; ++v) {
          strands.dst[strands.count][v] = to[v] + x * product.dst_step;
        }
        if (++strands.count == kStrands) {
          Flush<kGroup, kVectors, kStrands, kRows>(product, results, add, strands);
        }
      }
      for (int x = whole; x < shape.width; ++x) {
        leftovers.src[leftovers.count] = from + x * product.src_step;
        for (int v = 0; v < kVectors; ++v) {
          leftovers.dst[leftovers.count][v] = to[v] + x * product.dst_step;
        }
        if (++leftovers.count == kLeftovers) {
          Flush<kGroup, kVectors, kLeftovers, 1>(product, results, add, leftovers);
        }
      }
    }
  }
  Flush<kGroup, kVectors, kStrands, kRows>(product, results, add, strands);
  Flush<kGroup, kVectors, kLeftovers, 1>(product, results, add, leftovers);
}

template <int kGroup>
void ConvolveAll(const ConvShape& shape, ConstPixels src, const float* weights,
                 std::span<const ConvResult> results, bool add) {
  const int vectors = shape.n / int(results.size()) / kLanes;  // of a result
  Product product = {.src_step = std::ptrdiff_t(shape.stride) * shape.in_channels * kGroup,
                     .dst_step = std::ptrdiff_t(vectors) * kLanes,
                     .parts = shape.kernel,
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
