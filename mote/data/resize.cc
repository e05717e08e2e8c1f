#include "mote/data/resize.h"

#include <algorithm>
#include <vector>

#include "mote/base/check.h"
#include "mote/data/prepared_data.h"

namespace mote {
namespace {

// The source pixels under one target pixel of an axis. In units of 1/dst of a source pixel, source
// pixel j covers [j*dst, (j+1)*dst) and target pixel i covers [i*src, (i+1)*src): every overlap is
// a whole number and those of one target pixel sum to src. Whole numbers keep sums of bytes exact.
struct Cover {
  int first;
  std::vector<double> weights;
};

std::vector<Cover> Covers(int src, int dst) {
  std::vector<Cover> covers;
  covers.reserve(dst);
  for (std::int64_t i = 0; i < dst; ++i) {
    const std::int64_t begin = i * src, end = begin + src;
    Cover cover{int(begin / dst), {}};
    for (std::int64_t j = cover.first; j * dst < end; ++j) {
      cover.weights.push_back(double(std::min(end, (j + 1) * dst) - std::max(begin, j * dst)));
    }
    covers.push_back(std::move(cover));
  }
  return covers;
}

template <typename Value>
void Resize(const Value* src, int src_height, int src_width, float* dst, int dst_height,
            int dst_width, int channels) {
  MOTE_CHECK(src_height > 0 && src_width > 0 && dst_height > 0 && dst_width > 0 && channels > 0);
  const std::vector<Cover> rows = Covers(src_height, dst_height);
  const std::vector<Cover> columns = Covers(src_width, dst_width);
  const std::size_t src_stride = std::size_t(src_width) * channels;
  const double area = double(src_height) * src_width;
  std::vector<double> sums(std::size_t(dst_width) * channels);
  for (const Cover& row : rows) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t dy = 0; dy < row.weights.size(); ++dy) {
      const Value* line = src + (row.first + dy) * src_stride;
      double* sum = sums.data();
      for (const Cover& column : columns) {
        const Value* pixel = line + std::size_t(column.first) * channels;
        for (const double weight : column.weights) {
          for (int c = 0; c < channels; ++c) sum[c] += row.weights[dy] * weight * double(pixel[c]);
          pixel += channels;
        }
        sum += channels;
      }
    }
    for (const double sum : sums) *dst++ = float(sum / area);
  }
}

}  // namespace

void ResizeArea(const float* src, int src_height, int src_width, float* dst, int dst_height,
                int dst_width, int channels) {
  Resize(src, src_height, src_width, dst, dst_height, dst_width, channels);
}

void ResizeArea(const std::uint8_t* src, int src_height, int src_width, float* dst, int dst_height,
                int dst_width, int channels) {
  Resize(src, src_height, src_width, dst, dst_height, dst_width, channels);
}

}  // namespace mote
