// What the two node kernels share: how a block is walked in tiles of a few pixels, whose values
// stay in registers, and the sums over 3x3 windows of pooled operands on the way. Included once per
// instruction set by foreach_target.h.
//
// A 3x3 window of stride 1 is separable: each row is summed over three columns, then three such
// rows are added. Outside the image is zero. The number of pixels inside, the divisor of an average
// pool, is a number of rows times a number of columns, each 1 + (has a neighbour before) + (has one
// after).
#include <cstddef>
#include <span>

#include "mote/backends/native/layout.h"

#if defined(MOTE_BACKENDS_NATIVE_WINDOW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MOTE_BACKENDS_NATIVE_WINDOW_INL_H_
#undef MOTE_BACKENDS_NATIVE_WINDOW_INL_H_
#else
#define MOTE_BACKENDS_NATIVE_WINDOW_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

inline constexpr int kLanes = HWY_LANES(float);
// Whether 16 pixels fit into the registers and leave room to compute.
inline constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON;

// Average pools add up before their windows do.
using Operands = std::span<const float* const>;

// Where a tile is: its first pixel and the lanes of it that are worked on.
struct Place {
  std::ptrdiff_t dense = 0;  // offset in floats, lane included, in dense blocks
  int group = 0;
  int row = 0;
  int column = 0;
  int lane = 0;
};

// 1 / (rows x columns) of a window.
HWY_INLINE V Reciprocal(int rows, int columns) {
  static constexpr float kReciprocals[] = {0, 1.0f,     1 / 2.0f, 1 / 3.0f, 1 / 4.0f,
                                           0, 1 / 6.0f, 0,        0,        1 / 9.0f};
  return hn::Set(D(), kReciprocals[rows * columns]);
}

// q = the sum of the operands (at least one) at kPixels pixels.
template <int kPixels>
HWY_INLINE void LoadSum(Operands operands, std::ptrdiff_t at, std::ptrdiff_t pitch, V* q) {
  const D d;
  const float* HWY_RESTRICT first = operands[0] + at;
#pragma GCC unroll 16
  for (int p = 0; p < kPixels; ++p) q[p] = hn::Load(d, first + p * pitch);
  for (std::size_t i = 1; i < operands.size(); ++i) {
    const float* HWY_RESTRICT next = operands[i] + at;
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) q[p] = hn::Add(q[p], hn::Load(d, next + p * pitch));
  }
}

HWY_INLINE V LoadSum(Operands operands, std::ptrdiff_t at) {
  V q[1];
  LoadSum<1>(operands, at, 0, q);
  return q[0];
}

// Sums of neighbours of four, `step` apart.
HWY_INLINE void WindowOf4(V* q, int step) {
  const V before = hn::Add(q[0], q[step]);
  const V after = hn::Add(q[2 * step], q[3 * step]);
  const V second = hn::Add(before, q[2 * step]);
  q[2 * step] = hn::Add(q[step], after);
  q[0] = before;
  q[step] = second;
  q[3 * step] = after;
}

// q = sums over the windows of a 4x4 image.
HWY_INLINE void WindowImage4(V (&q)[16]) {
#pragma GCC unroll 4
  for (int row = 0; row < 4; ++row) WindowOf4(q + 4 * row, 1);
#pragma GCC unroll 4
  for (int column = 0; column < 4; ++column) WindowOf4(q + column, 4);
}

// Reciprocals of the windows of a 4x4 image.
struct Reciprocals4 {
  V corner, edge, inner;

  // Written out, as a constructor made by the compiler lacks the instruction set.
  HWY_INLINE Reciprocals4()
      : corner(Reciprocal(2, 2)), edge(Reciprocal(2, 3)), inner(Reciprocal(3, 3)) {}

  HWY_INLINE V Of(int pixel) const {
    const bool inner_row = pixel / 4 % 3 != 0;
    const bool inner_column = pixel % 4 % 3 != 0;
    return inner_row && inner_column ? inner : inner_row || inner_column ? edge : corner;
  }
};

// Reciprocals of the windows of a row of kColumns pixels with or without neighbours at its ends.
template <int kColumns>
struct RowReciprocals {
  V first, inner, last;

  HWY_INLINE RowReciprocals(int rows, bool left, bool right)
      : first(Reciprocal(rows, kColumns == 1 ? 1 + left + right : 2 + left)),
        inner(Reciprocal(rows, 3)),
        last(Reciprocal(rows, 2 + right)) {}

  HWY_INLINE V Of(int column) const {
    return column == 0 ? first : column == kColumns - 1 ? last : inner;
  }
};

// The walk over a block. `kernel` gets the tiles:
//   Start(lane)                        what forward pools are added to
//   Finish<kPixels, kColumns, kStarted>(place, x)   all else; x is set if kStarted. The pixels of a
//                                      tile are consecutive in dense blocks and fill rows of
//                                      kColumns in others.
// kTransposed: the pools' transposes, for the gradient: each pixel is divided before it is summed.
// kPitch: the pitch if it is known when compiling, as then all of a tile is addressed from one
// register, else 0.
template <bool kTransposed, int kPitch, class Kernel>
class Walk {
 public:
  HWY_INLINE Walk(const Extent& extent, Operands pools, const Kernel& kernel)
      : extent_(extent), pools_(pools), kernel_(kernel) {}

  // `flat`: no operand has strides of its own.
  HWY_INLINE void Run(bool flat) const {
    if (kManyRegisters && extent_.height == 4 && extent_.width == 4) {
      for (int group = 0; group < extent_.groups; ++group) {
        for (int lane = 0; lane < pitch(); lane += kLanes) Image4(group, lane);
      }
    } else if (!pools_.empty()) {
      for (int group = 0; group < extent_.groups; ++group) WindowedImage(group);
    } else if (flat) {
      PlainRow(Place(), extent_.groups * extent_.height * extent_.width);
    } else {
      Place place;
      for (place.group = 0; place.group < extent_.groups; ++place.group) {
        for (place.row = 0; place.row < extent_.height; ++place.row) {
          PlainRow(place, extent_.width);
          place.dense += extent_.row();
        }
      }
    }
  }

 private:
  HWY_INLINE std::ptrdiff_t pitch() const { return kPitch != 0 ? kPitch : extent_.pitch; }

  HWY_INLINE void Image4(int group, int lane) const {
    const Place place{group * extent_.image() + lane, group, 0, 0, lane};
    V x[16];
    if (pools_.empty()) {
      kernel_.template Finish<16, 4, false>(place, x);
      return;
    }
    LoadSum<16>(pools_, place.dense, pitch(), x);
    const Reciprocals4 reciprocals;
    if (kTransposed) {
#pragma GCC unroll 16
      for (int p = 0; p < 16; ++p) x[p] = hn::Mul(x[p], reciprocals.Of(p));
    }
    WindowImage4(x);
    if (!kTransposed) {
      const V start = kernel_.Start(lane);
#pragma GCC unroll 16
      for (int p = 0; p < 16; ++p) x[p] = hn::MulAdd(x[p], reciprocals.Of(p), start);
    }
    kernel_.template Finish<16, 4, true>(place, x);
  }

  // Where a pixel has several vectors, a tile is shorter, as all lines of its pixels are to be read
  // while they are in the first cache.
  HWY_INLINE void PlainRow(Place place, int columns) const {
    constexpr int kWideTile = kManyRegisters && kPitch == kLanes ? 16 : 8;
    while (place.column + kWideTile <= columns) PlainTile<kWideTile>(place);
    if constexpr (kWideTile > 8) {
      while (place.column + 8 <= columns) PlainTile<8>(place);
    }
    if constexpr (kWideTile > 4) {
      while (place.column + 4 <= columns) PlainTile<4>(place);
    }
    while (place.column < columns) PlainTile<1>(place);
  }

  template <int kColumns>
  HWY_INLINE void PlainTile(Place& place) const {
    Place tile = place;
    for (; tile.lane < pitch(); tile.lane += kLanes, tile.dense += kLanes) {
      V x[kColumns];
      kernel_.template Finish<kColumns, kColumns, false>(tile, x);
    }
    place.column += kColumns;
    place.dense += kColumns * pitch();
  }

  // Two vectors of a pixel at once where there are two: the cache fetches lines in pairs.
  HWY_INLINE void WindowedImage(int group) const {
    const bool paired = kManyRegisters && pitch() % (2 * kLanes) == 0;
    int column = 0;
    if (kManyRegisters && !paired) {
      while (column + 8 <= extent_.width) WindowedColumns<8, 1>(group, column);
    }
    constexpr int kVectors = kManyRegisters ? 2 : 1;
    if (!kManyRegisters || paired) {
      while (column + 4 <= extent_.width) WindowedColumns<4, kVectors>(group, column);
    } else {
      while (column + 4 <= extent_.width) WindowedColumns<4, 1>(group, column);
    }
    while (column < extent_.width) WindowedColumns<1, 1>(group, column);
  }

  // Some columns from top to bottom, so that each row is loaded and summed over its columns once.
  template <int kColumns, int kVectors>
  HWY_INLINE void WindowedColumns(int group, int& column) const {
    const bool left = column > 0;
    const bool right = column + kColumns < extent_.width;
    for (int lane = 0; lane < pitch(); lane += kVectors * kLanes) {
      Place place{group * extent_.image() + column * pitch() + lane, group, 0, column, lane};
      V one[kVectors][kColumns];  // sum of row
      V two[kVectors][kColumns];  // sum of rows row - 1 and row
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) {
        WindowedRow<kColumns>(place.dense + v * kLanes, 0, column, one[v]);
#pragma GCC unroll 8
        for (int p = 0; p < kColumns; ++p) two[v][p] = one[v][p];
      }
      for (; place.row < extent_.height; ++place.row) {
        const RowReciprocals<kColumns> reciprocals(Rows(place.row), left, right);
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) {
          Place at = place;
          at.dense += v * kLanes;
          at.lane += v * kLanes;
          V x[kColumns];
          if (place.row + 1 < extent_.height) {
            V next[kColumns];
            WindowedRow<kColumns>(at.dense + extent_.row(), place.row + 1, column, next);
#pragma GCC unroll 8
            for (int p = 0; p < kColumns; ++p) {
              x[p] = hn::Add(two[v][p], next[p]);
              two[v][p] = hn::Add(one[v][p], next[p]);
              one[v][p] = next[p];
            }
          } else {
#pragma GCC unroll 8
            for (int p = 0; p < kColumns; ++p) x[p] = two[v][p];
          }
          if (!kTransposed) {
            const V start = kernel_.Start(at.lane);
#pragma GCC unroll 8
            for (int p = 0; p < kColumns; ++p) x[p] = hn::MulAdd(x[p], reciprocals.Of(p), start);
          }
          kernel_.template Finish<kColumns, kColumns, true>(at, x);
        }
        place.dense += extent_.row();
      }
    }
    column += kColumns;
  }

  // How many rows the windows around a row have.
  HWY_INLINE int Rows(int row) const { return 1 + (row > 0) + (row + 1 < extent_.height); }

  // How many columns the windows around a column have.
  HWY_INLINE int Columns(int column) const {
    return 1 + (column > 0) + (column + 1 < extent_.width);
  }

  // Sums over three columns of the row at `at`.
  template <int kColumns>
  HWY_INLINE void WindowedRow(std::ptrdiff_t at, int row, int column, V (&sums)[kColumns]) const {
    const bool left = column > 0;
    const bool right = column + kColumns < extent_.width;
    V q[kColumns + 2];  // with the neighbours
    LoadSum<kColumns>(pools_, at, pitch(), q + 1);
    q[0] = left ? LoadSum(pools_, at - pitch()) : hn::Zero(D());
    q[kColumns + 1] = right ? LoadSum(pools_, at + kColumns * pitch()) : hn::Zero(D());
    if (kTransposed) {
      const int rows = Rows(row);
      const RowReciprocals<kColumns> reciprocals(rows, left, right);
#pragma GCC unroll 16
      for (int p = 0; p < kColumns; ++p) q[p + 1] = hn::Mul(q[p + 1], reciprocals.Of(p));
      if (left) q[0] = hn::Mul(q[0], Reciprocal(rows, Columns(column - 1)));
      if (right) {
        q[kColumns + 1] = hn::Mul(q[kColumns + 1], Reciprocal(rows, Columns(column + kColumns)));
      }
    }
    if constexpr (kColumns == 1) {
      sums[0] = hn::Add(hn::Add(q[0], q[1]), q[2]);
    } else {
      // Two columns share the pair between them.
#pragma GCC unroll 16
      for (int p = 0; p + 1 < kColumns; p += 2) {
        const V pair = hn::Add(q[p + 1], q[p + 2]);
        sums[p] = hn::Add(q[p], pair);
        sums[p + 1] = hn::Add(pair, q[p + 3]);
      }
    }
  }

  Extent extent_;
  Operands pools_;
  const Kernel& kernel_;
};

}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
