// Winograd's minimal convolution F(4x4, 3x3) (Lavin & Gray 2016): a 3x3 convolution of stride 1 and
// padding 1 by 36 small matrix products per 4x4 tile of the result, a quarter of the direct
// multiplications. Forward, gradient to the source and gradient to the kernel.
//
//   forward   V = B' x B (6x6 of the source),  M = V U over channels,  y = A' M A
//   backward  dM = A dy A',  dU = V' dM,  dV = dM U',  dx += B dV B',  dW = G' dU G
//
// Transformed values are [36][tiles][floats of a pixel]; xi = 6 * row + column counts the 36.
// Tiles of a block are counted image group by image group, then row by row. All sides are
// multiples of 4. Rounding errors are some three times those of the direct form.
//
// The matrices of transformed values best lie an odd number of 64-byte lines apart: at multiples of
// 4 KiB a tile's 36 values would share few places of the first cache.
#pragma once

#include <cstddef>

#include "mote/backends/native/layout.h"

namespace mote::native {

inline constexpr int kTile = 4;
inline constexpr int kWinogradPoints = 36;

// A range of the tiles of a block whose images are [height][width], and where their transformed
// values lie: points[xi * matrix + (tile - first) * row + float].
struct TileRange {
  int height = 0;
  int width = 0;
  int first = 0;
  int count = 0;
};
struct TilePoints {
  float* data = nullptr;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t matrix = 0;
};

// What is transformed instead of the source's pixels: those normalised, or (and then) max(x, 0).
struct SourceForm {
  Normalization norm = {};
  bool relu = false;
};

// V of `pitch` floats a tile. Nothing outside the images is read; it counts as zero.
void TransformSource(const TileRange& tiles, ConstPixels src, int pitch, const SourceForm& form,
                     const TilePoints& v);

// y = A' M A into dst (no border), M starting at float `column` of its rows. Adds to `sums` where
// sums.sum is not null.
void TransformResult(const TileRange& tiles, const TilePoints& m, int column, int pitch, Pixels dst,
                     const MomentSums& sums);

// dM, into floats [column, column + pitch) of its rows, of dy = norm.scale (g - norm.mean_g) +
// norm.slope (y - norm.mean_y). `mask`: null, or [pitch] factors 0 or 1 of the lanes of dy (images
// that a batch lacks).
void TransformResultGradient(const TileRange& tiles, ConstPixels g, ConstPixels y,
                             const NormGradient& norm, const float* mask, int pitch, int column,
                             const TilePoints& dm);

// dx += B dV B', into dst with a border of one pixel, which is written, too; of 4x4 images: dx =,
// and no border. Overlapping tiles add up: dst must be zero at first unless images are 4x4.
void TransformSourceGradient(const TileRange& tiles, const TilePoints& dv, int pitch, Pixels dst);

// U = G w G' of w[9][rows][columns], each column repeated for `group` lanes:
// u[36][rows][columns * group]. columns is a multiple of 8.
void TransformKernel(const float* w, int rows, int columns, int group, float* u);

// dw = G' dU G, lanes of a group summed: of du[36][rows][columns * group] into
// dw[9][rows][columns].
void TransformKernelGradient(const float* du, int rows, int columns, int group, float* dw);

}  // namespace mote::native
