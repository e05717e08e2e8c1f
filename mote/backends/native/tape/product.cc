// The products of convolutions, direct and in registers: a block of pixels times a few vectors of
// channels, and for the gradient to a kernel a block of channels of the source times a few vectors.
//
// A core starts two multiply-adds a cycle that each take four: some 10 independent sums are needed
// to keep it busy, and no more loads than multiply-adds.
#include <array>
#include <cstddef>
#include <utility>

#include "mote/backends/native/tape/parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/tape/product.cc"
// clang-format off
#include "hwy/foreach_target.h"  // IWYU pragma: keep, has to come first
#include "hwy/highway.h"
#include "mote/backends/native/tape/tags-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {

// Vectors of a pixel that are computed at once: as many as leave none alone at the end.
constexpr int kMaxVectors = 3;
inline int VectorsOf(int left) { return left <= kMaxVectors ? left : left == 4 ? 2 : kMaxVectors; }

// ---- Convolution

// Strands of a block, of kStrand pixels each or of single ones.
constexpr int StrandCount(int vectors) {
  if (kManyRegisters) return vectors == 1 ? 4 : 2;
  return vectors == 1 ? 2 : 1;
}
constexpr int SingleCount(int vectors) { return vectors == 1 ? 8 : kManyRegisters ? 6 : 4; }

template <class D, int kVectors, int kStrands, int kRows>
void ConvolveBlock(D d, const Convolution<hn::TFromD<D>>& c, const Strand* strands, int column) {
  using T = hn::TFromD<D>;
  constexpr int kLanes = kLanesOf<D>;
  hn::Vec<D> sums[kStrands][kRows][kVectors];
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) {
    const hn::Vec<D> bias =
        c.bias == nullptr ? hn::Zero(d) : hn::LoadU(d, c.bias + column + v * kLanes);
#pragma GCC unroll 8
    for (int s = 0; s < kStrands; ++s) {
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) sums[s][r][v] = bias;
    }
  }
  const std::ptrdiff_t step = c.stencil->src_step;
  const std::ptrdiff_t row = c.pitch;
  const int channels = c.channels;
  for (const Tap& tap : c.stencil->taps) {
    const T* weights = c.weights + std::ptrdiff_t(tap.index) * channels * row + column;
    const T* src[kStrands];
#pragma GCC unroll 8
    for (int s = 0; s < kStrands; ++s) src[s] = c.src + strands[s].src + tap.src;
#pragma GCC unroll 4
    for (int i = 0; i < channels; ++i) {
      hn::Vec<D> w[kVectors];
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) w[v] = hn::LoadU(d, weights + v * kLanes);
#pragma GCC unroll 8
      for (int s = 0; s < kStrands; ++s) {
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
          const hn::Vec<D> x = hn::Set(d, src[s][r * step]);
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) sums[s][r][v] = hn::MulAdd(x, w[v], sums[s][r][v]);
        }
        ++src[s];
      }
      weights += row;
    }
  }
#pragma GCC unroll 8
  for (int s = 0; s < kStrands; ++s) {
    T* dst = c.dst + strands[s].dst + column;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[s][r][v], d, dst + v * kLanes);
      dst += c.stencil->dst_step;
    }
  }
}

template <class D, int kVectors>
void ConvolveColumns(D d, const Convolution<hn::TFromD<D>>& c, int column) {
  constexpr int kStrands = StrandCount(kVectors);
  const Strand* at = c.stencil->strands.data();
  const Strand* end = at + std::ptrdiff_t(c.images) * c.stencil->strands_per_image;
  for (; end - at >= kStrands; at += kStrands) {
    ConvolveBlock<D, kVectors, kStrands, kStrand>(d, c, at, column);
  }
  for (; at < end; ++at) ConvolveBlock<D, kVectors, 1, kStrand>(d, c, at, column);
  constexpr int kSingles = SingleCount(kVectors);
  at = c.stencil->singles.data();
  end = at + std::ptrdiff_t(c.images) * c.stencil->singles_per_image;
  for (; end - at >= kSingles; at += kSingles) {
    ConvolveBlock<D, kVectors, kSingles, 1>(d, c, at, column);
  }
  for (; at < end; ++at) ConvolveBlock<D, kVectors, 1, 1>(d, c, at, column);
}

struct Convolve {
  template <class D>
  static void Run(D d, const Convolution<hn::TFromD<D>>& c) {
    for (int column = 0; column < c.pitch;) {
      const int vectors = VectorsOf((c.pitch - column) / kLanesOf<D>);
      switch (vectors) {
        case 1:
          ConvolveColumns<D, 1>(d, c, column);
          break;
        case 2:
          ConvolveColumns<D, 2>(d, c, column);
          break;
        default:
          ConvolveColumns<D, 3>(d, c, column);
      }
      column += vectors * kLanesOf<D>;
    }
  }
};

// ---- Outer product

// Channels of the source of a block of sums.
constexpr int MaxChannels(int vectors) {
  if (kManyRegisters) return vectors == 1 ? 16 : vectors == 2 ? 12 : 8;
  return vectors == 1 ? 12 : vectors == 2 ? 6 : 4;
}

// Few sums are taken twice, of even and odd pixels, where the registers allow.
template <class D, int kVectors, int kChannels>
void OuterBlock(const OuterProduct<hn::TFromD<D>>& p, std::ptrdiff_t src_offset, int column,
                hn::TFromD<D>* sums_out) {
  using T = hn::TFromD<D>;
  const D d;
  constexpr int kLanes = kLanesOf<D>;
  constexpr int kParts = kVectors * kChannels < (kManyRegisters ? 10 : 7) ? 2 : 1;
  hn::Vec<D> sums[kParts][kChannels][kVectors];
#pragma GCC unroll 2
  for (int part = 0; part < kParts; ++part) {
#pragma GCC unroll 16
    for (int c = 0; c < kChannels; ++c) {
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) sums[part][c][v] = hn::Zero(d);
    }
  }
  const std::ptrdiff_t src_step = std::ptrdiff_t(p.stride) * p.frame->pitch;
  const std::ptrdiff_t g_step = p.extent.pitch;
  const T* g = p.g + column;
  for (int n = 0; n < p.extent.images; ++n) {
    for (int y = 0; y < p.extent.height; ++y) {
      const T* src = p.src + p.frame->At(n, y * p.stride, 0) + src_offset;
      int x = 0;
      for (; x + kParts <= p.extent.width; x += kParts) {
#pragma GCC unroll 2
        for (int part = 0; part < kParts; ++part) {
          hn::Vec<D> w[kVectors];
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) w[v] = hn::LoadU(d, g + v * kLanes);
#pragma GCC unroll 16
          for (int c = 0; c < kChannels; ++c) {
            const hn::Vec<D> s = hn::Set(d, src[c]);
#pragma GCC unroll 8
            for (int v = 0; v < kVectors; ++v) {
              sums[part][c][v] = hn::MulAdd(s, w[v], sums[part][c][v]);
            }
          }
          src += src_step;
          g += g_step;
        }
      }
      for (; x < p.extent.width; ++x) {
#pragma GCC unroll 16
        for (int c = 0; c < kChannels; ++c) {
          const hn::Vec<D> s = hn::Set(d, src[c]);
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) {
            sums[0][c][v] = hn::MulAdd(s, hn::LoadU(d, g + v * kLanes), sums[0][c][v]);
          }
        }
        src += src_step;
        g += g_step;
      }
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < kChannels; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      hn::Vec<D> sum = sums[0][c][v];
      if constexpr (kParts > 1) sum = hn::Add(sum, sums[kParts - 1][c][v]);
      hn::StoreU(sum, d, sums_out + std::ptrdiff_t(c) * p.extent.pitch + v * kLanes);
    }
  }
}

template <typename T>
using OuterKernel = void (*)(const OuterProduct<T>&, std::ptrdiff_t, int, T*);

// [channels - 1]
template <class D, int kVectors, int... kChannels>
constexpr std::array<OuterKernel<hn::TFromD<D>>, sizeof...(kChannels)> OuterKernelsOf(
    std::integer_sequence<int, kChannels...>) {
  return {&OuterBlock<D, kVectors, kChannels + 1>...};
}
template <class D, int kVectors>
constexpr auto kOuterKernels =
    OuterKernelsOf<D, kVectors>(std::make_integer_sequence<int, MaxChannels(kVectors)>());

// All channels, in blocks of almost equal size.
template <class D, int kVectors>
void OuterColumns(const OuterProduct<hn::TFromD<D>>& p, const Tap& tap, int column) {
  hn::TFromD<D>* sums = p.sums + std::ptrdiff_t(tap.index) * p.channels * p.extent.pitch + column;
  int blocks = (p.channels + MaxChannels(kVectors) - 1) / MaxChannels(kVectors);
  for (int done = 0; blocks > 0; --blocks) {
    const int now = (p.channels - done + blocks - 1) / blocks;
    kOuterKernels<D, kVectors>[now - 1](p, tap.src + done, column,
                                        sums + std::ptrdiff_t(done) * p.extent.pitch);
    done += now;
  }
}

struct Outer {
  template <class D>
  static void Run(D, const OuterProduct<hn::TFromD<D>>& p) {
    for (const Tap& tap : p.stencil->taps) {
      for (int column = 0; column < p.extent.pitch;) {
        const int vectors = VectorsOf((p.extent.pitch - column) / kLanesOf<D>);
        switch (vectors) {
          case 1:
            OuterColumns<D, 1>(p, tap, column);
            break;
          case 2:
            OuterColumns<D, 2>(p, tap, column);
            break;
          default:
            OuterColumns<D, 3>(p, tap, column);
        }
        column += vectors * kLanesOf<D>;
      }
    }
  }
};

template <typename T>
void ConvolveEntry(const Convolution<T>& c) {
  RunOnPitch<Convolve, T>(c.pitch, c);
}
template <typename T>
void OuterEntry(const OuterProduct<T>& p) {
  RunOnPitch<Outer, T>(p.extent.pitch, p);
}

template <typename T>
void Add(Kernels<T>& kernels) {
  kernels.lanes = kLanesOf<Whole<T>>;
  kernels.convolve = &ConvolveEntry<T>;
  kernels.outer_product = &OuterEntry<T>;
}

}  // namespace

void AddProductsOfFloat(Kernels<float>& kernels) { Add(kernels); }
void AddProductsOfDouble(Kernels<double>& kernels) { Add(kernels); }

}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native::tape {
namespace {

HWY_EXPORT(AddProductsOfFloat);
HWY_EXPORT(AddProductsOfDouble);

}  // namespace

template <>
void AddProductKernels(Kernels<float>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddProductsOfFloat)(kernels);
}
template <>
void AddProductKernels(Kernels<double>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddProductsOfDouble)(kernels);
}

}  // namespace mote::native::tape
#endif  // HWY_ONCE
