#include "mote/backends/native/tape/minimal.h"

#include <algorithm>
#include <vector>

#include "mote/backends/native/tape/recording.h"

namespace mote::native::tape {
namespace {

constexpr int kLeastChannels = 8;

}  // namespace

bool GoesMinimal(const Op& op, Shape src) {
  return op.kernel == 3 && op.stride == 1 && op.padding == 1 && src.height % 4 == 0 &&
         src.width % 4 == 0 && std::min(src.channels, op.shape.channels) >= kLeastChannels;
}

Stencil TileStencil(int tiles, int src_pitch, int dst_pitch) {
  Stencil stencil = {.taps = {{0, 0}}, .src_step = src_pitch, .dst_step = dst_pitch};
  for (int tile = 0; tile < tiles; tile += tiles - tile >= kStrand ? kStrand : 1) {
    (tiles - tile >= kStrand ? stencil.strands : stencil.singles)
        .push_back({std::int32_t(tile * src_pitch), std::int32_t(tile * dst_pitch)});
  }
  stencil.strands_per_image = int(stencil.strands.size());
  stencil.singles_per_image = int(stencil.singles.size());
  return stencil;
}

template <typename T>
void Recording<T>::ConvolveMinimal(const Frame& frame, const T* memory, const Extent& src,
                                   int channels, const T* weights, const T* bias,
                                   const Extent& dst_extent, T* dst) {
  const std::ptrdiff_t src_matrix = MatrixOf<T>(src);
  const std::ptrdiff_t dst_matrix = MatrixOf<T>(dst_extent);
  const Stencil& stencil = TilesFor(TilesOf(src), src.pitch, dst_extent.pitch);
  kernels_.source_tiles(SourceIn(frame, memory), src, points_.data(), src_matrix);
  for (int xi = 0; xi < kPoints; ++xi) {
    kernels_.convolve({.src = points_.data() + xi * src_matrix,
                       .dst = result_points_.data() + xi * dst_matrix,
                       .weights = weights + std::ptrdiff_t(xi) * channels * dst_extent.pitch,
                       .stencil = &stencil,
                       .images = 1,
                       .channels = channels,
                       .pitch = dst_extent.pitch});
  }
  kernels_.result_tiles(result_points_.data(), dst_matrix, bias, dst_extent, dst);
}

template <typename T>
const Stencil& Recording<T>::TilesFor(int tiles, int src_pitch, int dst_pitch) {
  const int strands = tiles / kStrand;
  if (strands != tiles_.strands_per_image || tiles % kStrand != tiles_.singles_per_image ||
      src_pitch != tiles_.src_step || dst_pitch != tiles_.dst_step) {
    tiles_ = TileStencil(tiles, src_pitch, dst_pitch);
  }
  return tiles_;
}

// The sums of the products of points into products_, out of frame_.
template <typename T>
void Recording<T>::OuterMinimal(int index, const T* g, const Chunk& chunk) {
  const int from = network_.op(index).src.front();
  const int channels = network_.op(from).shape.channels;
  const Extent src = ExtentOf(from, chunk.count);
  const Extent dst = ExtentOf(index, chunk.count);
  const std::ptrdiff_t src_matrix = MatrixOf<T>(src);
  const std::ptrdiff_t dst_matrix = MatrixOf<T>(dst);
  const int tiles = TilesOf(src);
  const Frame frame = {.border = 0, .height = 1, .width = tiles, .pitch = src.pitch};
  const Stencil stencil = {.taps = {{0, 0}}};
  kernels_.source_tiles(SourceIn(states_[index].conv.forward.frame, frame_.data()), src,
                        points_.data(), src_matrix);
  kernels_.result_gradient_tiles(g, dst, result_points_.data(), dst_matrix);
  for (int xi = 0; xi < kPoints; ++xi) {
    kernels_.outer_product(
        {.src = points_.data() + xi * src_matrix,
         .g = result_points_.data() + xi * dst_matrix,
         .sums = products_.data() + std::ptrdiff_t(xi) * channels * dst.pitch,
         .frame = &frame,
         .stencil = &stencil,
         .extent = {.images = 1, .height = 1, .width = tiles, .pitch = dst.pitch},
         .channels = channels});
  }
}

#define MOTE_INSTANTIATE(T)                                                               \
  template void Recording<T>::ConvolveMinimal(const Frame&, const T*, const Extent&, int, \
                                              const T*, const T*, const Extent&, T*);     \
  template void Recording<T>::OuterMinimal(int, const T*, const Chunk&)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::native::tape
