// What a tape computes with, for one element type on the instruction set in use: pointers to
// kernels that are compiled once per instruction set. T is float or double.
//
// All pitches are what Pitch() says. Sums are taken in T over what a call is given, so that a
// caller who wants their digits gives it little at a time and adds up in double.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mote/backends/native/tape/forms.h"
#include "mote/backends/native/tape/stencil.h"

namespace mote::native::tape {

// A convolution out of a frame: dst[p][.] = bias + sum over taps and channels of
// src[p + tap][i] * weights[tap.index][i][.].
template <typename T>
struct Convolution {
  const T* src = nullptr;
  T* dst = nullptr;
  const T* weights = nullptr;  // [elements of the kernel][channels][pitch]
  const T* bias = nullptr;     // [pitch]; null: 0
  const Stencil* stencil = nullptr;
  int images = 0;
  int channels = 0;  // of the source
  int pitch = 0;     // of the result
};

// The sums over pixels of the products of every channel of one value with every one of another,
// for each tap: the gradient to a convolution's kernel.
template <typename T>
struct OuterProduct {
  const T* src = nullptr;  // a frame
  const T* g = nullptr;    // [pixels][pitch], of the stencil's results
  T* sums = nullptr;       // [elements of the kernel][channels][pitch], written
  const Frame* frame = nullptr;
  const Stencil* stencil = nullptr;
  Extent extent;  // of g
  int stride = 1;
  int channels = 0;
};

// A mean over a window's elements inside the image.
struct Window {
  int kernel = 1;
  int stride = 1;
  int padding = 0;
};

template <typename T>
struct Kernels {
  int lanes = 0;

  void (*convolve)(const Convolution<T>&) = nullptr;
  void (*outer_product)(const OuterProduct<T>&) = nullptr;

  // dst = the value of x, or dst += it; dst = the slope.
  void (*load)(const Value<T>& x, const Extent& extent, const Place<T>& dst, bool add) = nullptr;
  void (*load_slope)(const Slope<T>& g, const Extent& extent, const Place<T>& dst) = nullptr;
  // dst = or += g where the value of x is positive; = 0 elsewhere.
  void (*pass_positive)(const Value<T>& x, const T* g, const Extent& extent, T* dst,
                        bool add) = nullptr;
  // sum[.] = sum of x - shift, square[.] = sum of (x - shift)^2.
  void (*moments)(const T* x, const Extent& extent, const T* shift, T* sum, T* square) = nullptr;
  // sum[.] = sum of g, product[.] = sum of g (y - mean).
  void (*slope_sums)(const T* g, const T* y, const T* mean, const Extent& extent, T* sum,
                     T* product) = nullptr;
  // GELU in the form of graph/network.h, and g times its derivative at x. dst may be x or g.
  void (*gelu)(const T* x, const Extent& extent, T* dst) = nullptr;
  void (*gelu_slope)(const T* x, const T* g, const Extent& extent, T* dst) = nullptr;
  // Of whole images; `src` has another height and width than `dst`.
  void (*pool)(const T* src, const Extent& src_extent, const Window& window,
               const Extent& dst_extent, T* dst) = nullptr;
  void (*pool_slope)(const T* g, const Extent& g_extent, const Window& window,
                     const Extent& dst_extent, T* dst) = nullptr;

  // Winograd's transforms (minimal.h); sides are multiples of 4. `src` has readable pixels around.
  void (*source_tiles)(const Place<const T>& src, const Extent& extent, T* points,
                       std::ptrdiff_t matrix) = nullptr;
  // bias [pitch]; null: 0.
  void (*result_tiles)(const T* points, std::ptrdiff_t matrix, const T* bias, const Extent& extent,
                       T* dst) = nullptr;
  void (*result_gradient_tiles)(const T* g, const Extent& extent, T* points,
                                std::ptrdiff_t matrix) = nullptr;
  // The transforms of kernels and of what they pass back, in double, of `count` kernels at once:
  // w[9] and u[36] are rows of `count` numbers, a pitch of 8 channels or more, that stand `matrix`,
  // `u_row` and `w_row` apart. G w G', rounded to T; G' u G.
  void (*kernel_points)(const double* w, int count, T* points, std::ptrdiff_t matrix) = nullptr;
  void (*kernel_gradients)(const double* u, std::ptrdiff_t u_row, int count, double* w,
                           std::ptrdiff_t w_row) = nullptr;

  // Signs of whole images' values as Tape hands them out (tape.h), `words` to an image; whether all
  // values are finite.
  bool (*signs)(const Value<T>& x, const Extent& extent, int channels, std::uint64_t* bits,
                std::ptrdiff_t words) = nullptr;
  // sums[.] = sum of x g, in double.
  void (*product_sums)(const T* x, const T* g, const Extent& extent, double* sums) = nullptr;

  // Elements of a pixel of that many channels: whole vectors, or half a one.
  int Pitch(int channels) const {
    const int half = lanes > 4 ? lanes / 2 : lanes;
    return channels <= half ? half : (channels + lanes - 1) / lanes * lanes;
  }
};

template <typename T>
Kernels<T> MakeKernels();

}  // namespace mote::native::tape
