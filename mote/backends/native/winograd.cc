#include "mote/backends/native/winograd.h"

#include <cstdint>
#include <limits>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/winograd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/backends/native/relu-inl.h"
#include "mote/backends/native/winograd-inl.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

// Each transform of a tile takes its columns first, then row by row of the results.

// Which sides of a tile lie at the image's: nothing is read beyond, it counts as zero.
struct Sides {
  bool top, bottom, left, right;
};

// Where the tiles of a range are, one after the other.
class TileWalk {
 public:
  HWY_INLINE explicit TileWalk(const TileRange& tiles)
      : columns_(tiles.width / kTile), rows_(tiles.height / kTile), count_(tiles.count) {
    column_ = tiles.first % columns_;
    row_ = tiles.first / columns_ % rows_;
    group_ = tiles.first / columns_ / rows_;
  }

  HWY_INLINE bool Ended() const { return index_ == count_; }
  HWY_INLINE void Next() {
    ++index_;
    if (++column_ < columns_) return;
    column_ = 0;
    if (++row_ < rows_) return;
    row_ = 0;
    ++group_;
  }

  HWY_INLINE std::ptrdiff_t index() const { return index_; }
  HWY_INLINE Sides sides() const {
    return {row_ == 0, row_ + 1 == rows_, column_ == 0, column_ + 1 == columns_};
  }
  // Offset of the tile's first pixel.
  HWY_INLINE std::ptrdiff_t In(const ConstPixels& pixels, int pitch) const {
    return group_ * pixels.group + kTile * (row_ * pixels.row + column_ * pitch);
  }

 private:
  std::ptrdiff_t columns_;
  std::ptrdiff_t rows_;
  std::ptrdiff_t count_;
  std::ptrdiff_t index_ = 0;
  std::ptrdiff_t column_;
  std::ptrdiff_t row_;
  std::ptrdiff_t group_;
};

// How pixels become what is transformed. Plain pixels have no scale; without a ReLU the floor is
// minus infinity, which leaves every number as it is.
struct SourceLanes {
  V scale, mean, shift, floor;

  // Written out, as a constructor made by the compiler lacks the instruction set.
  HWY_INLINE SourceLanes(V scales, V means, V shifts, V least)
      : scale(scales), mean(means), shift(shifts), floor(least) {}
};

template <bool kNorm>
HWY_INLINE V SourcePixel(const float* HWY_RESTRICT from, const SourceLanes& lanes) {
  V pixel = hn::Load(D(), from);
  if (kNorm) pixel = hn::MulAdd(hn::Sub(pixel, lanes.mean), lanes.scale, lanes.shift);
  return Above(pixel, lanes.floor);
}

template <bool kNorm, bool kTop, bool kBottom, bool kLeft, bool kRight>
HWY_INLINE void SourceTile(const float* HWY_RESTRICT src, std::ptrdiff_t row, std::ptrdiff_t pitch,
                           const SourceLanes& lanes, float* HWY_RESTRICT v, std::ptrdiff_t matrix) {
  const D d;
  constexpr int kFirstRow = kTop ? 1 : 0;
  constexpr int kEndRow = kBottom ? 5 : 6;
  constexpr int kFirstColumn = kLeft ? 1 : 0;
  constexpr int kEndColumn = kRight ? 5 : 6;
  V half[6][6];
#pragma GCC unroll 6
  for (int x = kFirstColumn; x < kEndColumn; ++x) {
    V pixels[6];
#pragma GCC unroll 6
    for (int y = kFirstRow; y < kEndRow; ++y) {
      pixels[y] = SourcePixel<kNorm>(src + (y - 1) * row + (x - 1) * pitch, lanes);
    }
    V points[6];
    SourcePoints<!kTop, !kBottom>(pixels, points);
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) half[y][x] = points[y];
  }
#pragma GCC unroll 6
  for (int y = 0; y < 6; ++y) {
    V points[6];
    SourcePoints<!kLeft, !kRight>(half[y], points);
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) hn::Store(points[x], d, v + (6 * y + x) * matrix);
  }
}

// All lanes of a tile.
template <bool kNorm, bool kTop, bool kBottom, bool kLeft, bool kRight>
void SourceTileAt(const float* src, std::ptrdiff_t row, std::ptrdiff_t pitch,
                  const SourceForm& form, float* v, std::ptrdiff_t matrix) {
  const D d;
  const V floor = hn::Set(d, form.relu ? 0.0f : -std::numeric_limits<float>::infinity());
  for (int lane = 0; lane < pitch; lane += int(hn::Lanes(d))) {
    const auto load = [&](const float* coefficients) HWY_ATTR {
      return kNorm ? hn::LoadU(d, coefficients + lane) : floor;  // else unread
    };
    const SourceLanes lanes(load(form.norm.scale), load(form.norm.mean), load(form.norm.shift),
                            floor);
    SourceTile<kNorm, kTop, kBottom, kLeft, kRight>(src + lane, row, pitch, lanes, v + lane,
                                                    matrix);
  }
}

// One function for each combination of sides.
template <bool kNorm, int... kSides>
void SourceTiles(const TileRange& tiles, const ConstPixels& src, int pitch, const SourceForm& form,
                 const TilePoints& v, std::integer_sequence<int, kSides...>) {
  using Transform = void (*)(const float*, std::ptrdiff_t, std::ptrdiff_t, const SourceForm&,
                             float*, std::ptrdiff_t);
  static constexpr Transform kTransforms[] = {
      SourceTileAt<kNorm, (kSides & 8) != 0, (kSides & 4) != 0, (kSides & 2) != 0,
                   (kSides & 1) != 0>...};
  for (TileWalk tile(tiles); !tile.Ended(); tile.Next()) {
    const Sides at = tile.sides();
    kTransforms[8 * at.top + 4 * at.bottom + 2 * at.left + at.right](
        src.data + tile.In(src, pitch), src.row, pitch, form, v.data + tile.index() * v.row,
        v.matrix);
  }
}

template <bool kSums>
HWY_INLINE void ResultTile(const float* HWY_RESTRICT m, std::ptrdiff_t matrix,
                           float* HWY_RESTRICT dst, std::ptrdiff_t row, std::ptrdiff_t pitch,
                           const MomentSums& sums, int lane) {
  const D d;
  V half[4][6];
#pragma GCC unroll 6
  for (int x = 0; x < 6; ++x) {
    V points[6];
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) points[y] = hn::Load(d, m + (6 * y + x) * matrix);
    V values[4];
    Result(points, values);
#pragma GCC unroll 4
    for (int y = 0; y < 4; ++y) half[y][x] = values[y];
  }
  V sum = hn::Zero(d);
  V square = hn::Zero(d);
#pragma GCC unroll 4
  for (int y = 0; y < 4; ++y) {
    V values[4];
    Result(half[y], values);
#pragma GCC unroll 4
    for (int x = 0; x < 4; ++x) {
      hn::Store(values[x], d, dst + y * row + x * pitch);
      if (kSums) {
        const V shifted = hn::Sub(values[x], hn::Load(d, sums.shift + lane));
        const bool first = x == 0 && y == 0;
        sum = first ? shifted : hn::Add(sum, shifted);
        square = first ? hn::Mul(shifted, shifted) : hn::MulAdd(shifted, shifted, square);
      }
    }
  }
  if (kSums) {
    hn::Store(hn::Add(sum, hn::Load(d, sums.sum + lane)), d, sums.sum + lane);
    hn::Store(hn::Add(square, hn::Load(d, sums.square + lane)), d, sums.square + lane);
  }
}

template <bool kSums>
void ResultTiles(const TileRange& tiles, const TilePoints& m, int column, int pitch,
                 const Pixels& dst, const MomentSums& sums) {
  for (TileWalk tile(tiles); !tile.Ended(); tile.Next()) {
    const float* from = m.data + tile.index() * m.row + column;
    float* to = dst.data + tile.In(dst, pitch);
    for (int lane = 0; lane < pitch; lane += int(hn::Lanes(D()))) {
      ResultTile<kSums>(from + lane, m.matrix, to + lane, dst.row, pitch, sums, lane);
    }
  }
}

// Per lane, times the mask: factors of 0 and 1 change no other bits.
struct NormGradientLanes {
  V scale;
  V slope;
  V mean_g;
  V mean_y;
};

HWY_INLINE void ResultGradientTile(const float* HWY_RESTRICT g, std::ptrdiff_t g_row,
                                   const float* HWY_RESTRICT y, std::ptrdiff_t y_row,
                                   std::ptrdiff_t pitch, const NormGradientLanes& norm,
                                   float* HWY_RESTRICT dm, std::ptrdiff_t matrix) {
  const D d;
  V half[6][4];
#pragma GCC unroll 4
  for (int column = 0; column < 4; ++column) {
    V pixels[4];
#pragma GCC unroll 4
    for (int row = 0; row < 4; ++row) {
      const V from_y = hn::Sub(hn::Load(d, y + row * y_row + column * pitch), norm.mean_y);
      const V from_g = hn::Sub(hn::Load(d, g + row * g_row + column * pitch), norm.mean_g);
      pixels[row] = hn::MulAdd(norm.scale, from_g, hn::Mul(norm.slope, from_y));
    }
    V points[6];
    ResultGradientPoints(pixels, points);
#pragma GCC unroll 6
    for (int row = 0; row < 6; ++row) half[row][column] = points[row];
  }
#pragma GCC unroll 6
  for (int row = 0; row < 6; ++row) {
    V points[6];
    ResultGradientPoints(half[row], points);
#pragma GCC unroll 6
    for (int column = 0; column < 6; ++column) {
      hn::Store(points[column], d, dm + (6 * row + column) * matrix);
    }
  }
}

template <bool kMask>
void ResultGradientTiles(const TileRange& tiles, const ConstPixels& g, const ConstPixels& y,
                         const NormGradient& norm, const float* mask, int pitch, int column,
                         const TilePoints& dm) {
  const D d;
  for (TileWalk tile(tiles); !tile.Ended(); tile.Next()) {
    const float* from_g = g.data + tile.In(g, pitch);
    const float* from_y = y.data + tile.In(y, pitch);
    float* to = dm.data + tile.index() * dm.row + column;
    for (int lane = 0; lane < pitch; lane += int(hn::Lanes(d))) {
      NormGradientLanes lanes = {hn::Load(d, norm.scale + lane), hn::Load(d, norm.slope + lane),
                                 hn::Load(d, norm.mean_g + lane), hn::Load(d, norm.mean_y + lane)};
      if (kMask) {
        const V factor = hn::Load(d, mask + lane);
        lanes.scale = hn::Mul(factor, lanes.scale);
        lanes.slope = hn::Mul(factor, lanes.slope);
      }
      ResultGradientTile(from_g + lane, g.row, from_y + lane, y.row, pitch, lanes, to + lane,
                         dm.matrix);
    }
  }
}

HWY_INLINE void AddSourceGradientRow(const V (&v)[6], float* dst, std::ptrdiff_t pitch) {
  const D d;
  V inner[4];
  SourceGradient(v, inner);
  const V row[6] = {v[0], inner[0], inner[1], inner[2], inner[3], v[5]};
#pragma GCC unroll 6
  for (int x = 0; x < 6; ++x) {
    float* to = dst + x * pitch;
    hn::Store(hn::Add(row[x], hn::Load(d, to)), d, to);
  }
}

template <bool kWhole>
HWY_INLINE void SourceGradientTile(const float* HWY_RESTRICT dv, std::ptrdiff_t matrix,
                                   float* HWY_RESTRICT dst, std::ptrdiff_t row,
                                   std::ptrdiff_t pitch) {
  const D d;
  V half[4][6];
#pragma GCC unroll 6
  for (int x = 0; x < 6; ++x) {
    V points[6];
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) points[y] = hn::Load(d, dv + (6 * y + x) * matrix);
    V inner[4];
    SourceGradient(points, inner);
#pragma GCC unroll 4
    for (int y = 0; y < 4; ++y) half[y][x] = inner[y];
  }
  if (kWhole) {
#pragma GCC unroll 4
    for (int y = 0; y < 4; ++y) {
      V inner[4];
      SourceGradient(half[y], inner);
#pragma GCC unroll 4
      for (int x = 0; x < 4; ++x) hn::Store(inner[x], d, dst + y * row + x * pitch);
    }
    return;
  }
  dst -= row + pitch;
#pragma GCC unroll 4
  for (int y = 0; y < 4; ++y) {
    AddSourceGradientRow(half[y], dst + (y + 1) * row, pitch);
  }
  // The outer rows of the columns' transform are the points themselves.
#pragma GCC unroll 2
  for (int y = 0; y < 6; y += 5) {
    V points[6];
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) points[x] = hn::Load(d, dv + (6 * y + x) * matrix);
    AddSourceGradientRow(points, dst + y * row, pitch);
  }
}

template <bool kWhole>
void SourceGradientTiles(const TileRange& tiles, const TilePoints& dv, int pitch,
                         const Pixels& dst) {
  for (TileWalk tile(tiles); !tile.Ended(); tile.Next()) {
    const float* from = dv.data + tile.index() * dv.row;
    float* to = dst.data + tile.In(dst, pitch);
    for (int lane = 0; lane < pitch; lane += int(hn::Lanes(D()))) {
      SourceGradientTile<kWhole>(from + lane, dv.matrix, to + lane, dst.row, pitch);
    }
  }
}

// The contract of the layout: whole, aligned vectors everywhere.
void CheckVectors(const TileRange& tiles, int pitch, int column, const TilePoints& points,
                  const ConstPixels& pixels) {
  const std::ptrdiff_t lanes = std::ptrdiff_t(hn::Lanes(D()));
  const std::ptrdiff_t floats =
      pitch | column | points.row | points.matrix | pixels.row | pixels.group;
  const auto addresses =
      reinterpret_cast<std::uintptr_t>(points.data) | reinterpret_cast<std::uintptr_t>(pixels.data);
  MOTE_CHECK(tiles.height > 0 && tiles.width > 0 && tiles.height % kTile == 0 &&
             tiles.width % kTile == 0 && tiles.first >= 0 && tiles.count >= 0);
  MOTE_CHECK(floats % lanes == 0 && addresses % (sizeof(float) * std::uintptr_t(lanes)) == 0);
}

HWY_INLINE bool Whole(const TileRange& tiles) {
  return tiles.height == kTile && tiles.width == kTile;
}

void TransformSourceOnTarget(const TileRange& tiles, const ConstPixels& src, int pitch,
                             const SourceForm& form, const TilePoints& v) {
  CheckVectors(tiles, pitch, 0, v, src);
  constexpr std::make_integer_sequence<int, 16> kAllSides;
  form.norm.scale != nullptr ? SourceTiles<true>(tiles, src, pitch, form, v, kAllSides)
                             : SourceTiles<false>(tiles, src, pitch, form, v, kAllSides);
}

void TransformResultOnTarget(const TileRange& tiles, const TilePoints& m, int column, int pitch,
                             const Pixels& dst, const MomentSums& sums) {
  CheckVectors(tiles, pitch, column, m, dst);
  sums.sum != nullptr ? ResultTiles<true>(tiles, m, column, pitch, dst, sums)
                      : ResultTiles<false>(tiles, m, column, pitch, dst, sums);
}

void TransformResultGradientOnTarget(const TileRange& tiles, const ConstPixels& g,
                                     const ConstPixels& y, const NormGradient& norm,
                                     const float* mask, int pitch, int column,
                                     const TilePoints& dm) {
  CheckVectors(tiles, pitch, column, dm, g);
  CheckVectors(tiles, pitch, column, dm, y);
  mask != nullptr ? ResultGradientTiles<true>(tiles, g, y, norm, mask, pitch, column, dm)
                  : ResultGradientTiles<false>(tiles, g, y, norm, mask, pitch, column, dm);
}

void TransformSourceGradientOnTarget(const TileRange& tiles, const TilePoints& dv, int pitch,
                                     const Pixels& dst) {
  CheckVectors(tiles, pitch, 0, dv, dst);
  Whole(tiles) ? SourceGradientTiles<true>(tiles, dv, pitch, dst)
               : SourceGradientTiles<false>(tiles, dv, pitch, dst);
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(TransformSourceOnTarget);
HWY_EXPORT(TransformResultOnTarget);
HWY_EXPORT(TransformResultGradientOnTarget);
HWY_EXPORT(TransformSourceGradientOnTarget);

void TransformSource(const TileRange& tiles, ConstPixels src, int pitch, const SourceForm& form,
                     const TilePoints& v) {
  HWY_DYNAMIC_DISPATCH(TransformSourceOnTarget)(tiles, src, pitch, form, v);
}

void TransformResult(const TileRange& tiles, const TilePoints& m, int column, int pitch, Pixels dst,
                     const MomentSums& sums) {
  HWY_DYNAMIC_DISPATCH(TransformResultOnTarget)(tiles, m, column, pitch, dst, sums);
}

void TransformResultGradient(const TileRange& tiles, ConstPixels g, ConstPixels y,
                             const NormGradient& norm, const float* mask, int pitch, int column,
                             const TilePoints& dm) {
  HWY_DYNAMIC_DISPATCH(TransformResultGradientOnTarget)
  (tiles, g, y, norm, mask, pitch, column, dm);
}

void TransformSourceGradient(const TileRange& tiles, const TilePoints& dv, int pitch, Pixels dst) {
  HWY_DYNAMIC_DISPATCH(TransformSourceGradientOnTarget)(tiles, dv, pitch, dst);
}

}  // namespace mote::native
#endif  // HWY_ONCE
