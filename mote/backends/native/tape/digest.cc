// What readers of a tape want of its arrays without the arrays: signs, and sums of products.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "mote/backends/native/tape/parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/tape/digest.cc"
// clang-format off
#include "hwy/foreach_target.h"  // IWYU pragma: keep, has to come first
#include "hwy/highway.h"
#include "mote/backends/native/tape/tags-inl.h"
#include "mote/backends/native/tape/value-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace mote::native::tape::HWY_NAMESPACE {
namespace {

template <class D>
HWY_INLINE std::uint64_t BitsOf(D d, hn::Mask<D> mask) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, mask, bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes, sizeof(bits));  // both x86-64 and arm64 are little-endian
  return bits;
}

struct Signs {
  template <bool kNormalized, bool kRelu, class D, class T>
  static bool Images(D d, const Value<T>& value, const Extent& extent, int channels,
                     std::uint64_t* bits, std::ptrdiff_t words) {
    constexpr int kLanes = kLanesOf<D>;
    const int pixels = extent.height * extent.width;
    const T* x = value.x;
    bool finite = true;
    for (int n = 0; n < extent.images; ++n) {
      std::uint64_t* to = bits + n * words;
      std::uint64_t word = 0;
      int filled = 0;
      for (int i = 0; i < pixels; ++i, x += extent.pitch) {
        for (int channel = 0; channel < channels; channel += kLanes) {
          const int width = channels - channel < kLanes ? channels - channel : kLanes;
          const std::uint64_t real = (std::uint64_t(1) << width) - 1;
          const ValueReader<D, kNormalized, kRelu> reader(d, value, channel);
          const auto v = reader.Read(d, x + channel);
          finite = finite && (~BitsOf(d, hn::IsFinite(v)) & real) == 0;
          const std::uint64_t positive = BitsOf(d, hn::Gt(v, hn::Zero(d))) & real;
          word |= positive << filled;
          filled += width;
          if (filled < 64) continue;
          *to++ = word;
          filled -= 64;
          word = positive >> (width - filled);
        }
      }
      if (filled > 0) *to = word;
    }
    return finite;
  }

  template <class D, class T>
  static void Run(D d, const Value<T>& value, const Extent& extent, int channels,
                  std::uint64_t* bits, std::ptrdiff_t words, bool* finite) {
    if (value.scale != nullptr) {
      *finite = value.relu ? Images<true, true>(d, value, extent, channels, bits, words)
                           : Images<true, false>(d, value, extent, channels, bits, words);
    } else {
      *finite = value.relu ? Images<false, true>(d, value, extent, channels, bits, words)
                           : Images<false, false>(d, value, extent, channels, bits, words);
    }
  }
};

// Pixel by pixel, each product and each sum rounded by itself, as a loop over the images' numbers
// in double would have them.
struct ProductSums {
  template <class D, class T>
  static void Run(D, const T* x, const T* g, const Extent& extent, double* sums) {
    // A pitch of floats is one of whole vectors of doubles, too.
    using Sums = std::conditional_t<sizeof(T) == sizeof(double), D, hn::ScalableTag<double>>;
    const Sums d;
    const auto load = [&](const T* at) {
      if constexpr (sizeof(T) == sizeof(double)) {
        return hn::LoadU(d, at);
      } else {
        return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, Sums>(), at));
      }
    };
    for (int channel = 0; channel < extent.pitch; channel += kLanesOf<Sums>) {
      auto sum = hn::Zero(d);
      std::ptrdiff_t at = channel;
      for (int i = 0; i < extent.pixels(); ++i, at += extent.pitch) {
        sum = hn::Add(sum, hn::Mul(load(x + at), load(g + at)));
      }
      hn::StoreU(sum, d, sums + channel);
    }
  }
};

template <typename T>
struct Entries {
  static bool OfSigns(const Value<T>& x, const Extent& extent, int channels, std::uint64_t* bits,
                      std::ptrdiff_t words) {
    bool finite = true;
    RunOnPitch<Signs, T>(extent.pitch, x, extent, channels, bits, words, &finite);
    return finite;
  }
  static void OfProductSums(const T* x, const T* g, const Extent& extent, double* sums) {
    RunOnPitch<ProductSums, T>(extent.pitch, x, g, extent, sums);
  }

  static void Add(Kernels<T>& kernels) {
    kernels.signs = &OfSigns;
    kernels.product_sums = &OfProductSums;
  }
};

}  // namespace

void AddDigestsOfFloat(Kernels<float>& kernels) { Entries<float>::Add(kernels); }
void AddDigestsOfDouble(Kernels<double>& kernels) { Entries<double>::Add(kernels); }

}  // namespace mote::native::tape::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native::tape {
namespace {

HWY_EXPORT(AddDigestsOfFloat);
HWY_EXPORT(AddDigestsOfDouble);

}  // namespace

template <>
void AddDigestKernels(Kernels<float>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddDigestsOfFloat)(kernels);
}
template <>
void AddDigestKernels(Kernels<double>& kernels) {
  HWY_DYNAMIC_DISPATCH(AddDigestsOfDouble)(kernels);
}

}  // namespace mote::native::tape
#endif  // HWY_ONCE
