// For the tests of the Winograd kernels: images, transformed values and chunks of tiles.
#pragma once

#include <algorithm>
#include <cstdint>

#include "mote/backends/native/test_isas.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {

// Images of random values with a border; border pixels hold `outside`.
class Images {
 public:
  Images(const Extent& extent, int border, float outside, std::uint64_t seed)
      : extent_(extent),
        border_(border),
        row_(std::ptrdiff_t(extent.width + 2 * border) * extent.pitch),
        group_(row_ * (extent.height + 2 * border)),
        data_(RandomFloats(group_ * extent.groups, seed)) {
    for (int n = 0; n < extent.groups; ++n) {
      for (int y = -border; y < extent.height + border; ++y) {
        for (int x = -border; x < extent.width + border; ++x) {
          if (Inside(y, x)) continue;
          for (int i = 0; i < extent.pitch; ++i) At(n, y, x, i) = outside;
        }
      }
    }
  }

  bool Inside(int y, int x) const {
    return y >= 0 && x >= 0 && y < extent_.height && x < extent_.width;
  }
  float& At(int n, int y, int x, int i) const {
    return data_[n * group_ + (y + border_) * row_ + (x + border_) * extent_.pitch + i];
  }
  // Zero outside.
  double Value(int n, int y, int x, int i) const { return Inside(y, x) ? At(n, y, x, i) : 0; }
  Pixels pixels() const { return {&At(0, 0, 0, 0), row_, group_}; }
  const Buffer& data() const { return data_; }

 private:
  Extent extent_;
  int border_;
  std::ptrdiff_t row_;
  std::ptrdiff_t group_;
  Buffer data_;
};

// Transformed values of all tiles of some images.
class Points {
 public:
  Points(int tiles, int row, std::uint64_t seed)
      : row_(row),
        matrix_(std::ptrdiff_t(tiles) * row + 16),
        data_(RandomFloats(36 * matrix_, seed)) {}

  TilePoints From(int tile) const { return {data_.data() + tile * row_, row_, matrix_}; }
  float& At(int xi, int tile, int i) const { return data_[xi * matrix_ + tile * row_ + i]; }
  const Buffer& data() const { return data_; }

 private:
  std::ptrdiff_t row_;
  std::ptrdiff_t matrix_;
  Buffer data_;
};

struct Place {
  int n;
  int y;
  int x;
};

inline int TilesOf(const Extent& extent) {
  return extent.groups * extent.height * extent.width / 16;
}

inline Place PlaceOf(const Extent& extent, int tile) {
  const int columns = extent.width / kTile;
  const int rows = extent.height / kTile;
  return {tile / columns / rows, tile / columns % rows * kTile, tile % columns * kTile};
}

// Calls work(range, first) for ranges of `chunk` tiles.
template <class Work>
void InChunks(const Extent& extent, int chunk, const Work& work) {
  const int tiles = TilesOf(extent);
  for (int first = 0; first < tiles; first += chunk) {
    work(TileRange{extent.height, extent.width, first, std::min(chunk, tiles - first)}, first);
  }
}

}  // namespace mote::native
