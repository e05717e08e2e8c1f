#include "mote/backends/native/tape/stencil.h"

#include <algorithm>

namespace mote::native::tape {
namespace {

// Along one axis: result positions first, first + step, ... below end; and for each element of the
// kernel that meets them, how the source's index grows from that of `first`.
struct Axis {
  int first = 0;
  int step = 1;
  int count = 0;
  int src_step = 1;
  struct Meeting {
    int tap;
    int src;  // of the first position; may lie outside
  };
  std::vector<Meeting> meetings = {};
};

Axis ForwardAxis(const Op& op, int length) {
  Axis axis = {.count = length, .src_step = op.stride};
  for (int tap = 0; tap < op.kernel; ++tap) axis.meetings.push_back({tap, tap - op.padding});
  return axis;
}

// Source position x meets element t at the result's (x + padding - t) / stride, if that is whole.
Axis BackwardAxis(const Op& op, int phase, int length) {
  Axis axis = {.first = phase, .step = op.stride};
  axis.count = (length - phase + op.stride - 1) / op.stride;
  for (int tap = 0; tap < op.kernel; ++tap) {
    const int at = phase + op.padding - tap;
    if (at % op.stride == 0) axis.meetings.push_back({tap, at / op.stride});
  }
  return axis;
}

// The border that the positions of `axis` need around a source of this length.
int BorderOf(const Axis& axis, int src_length) {
  int border = 0;
  for (const Axis::Meeting& meeting : axis.meetings) {
    const int last = meeting.src + (axis.count - 1) * axis.src_step;
    border = std::max({border, -meeting.src, last - (src_length - 1)});
  }
  return border;
}

Stencil StencilOf(const Axis& rows, const Axis& columns, const Frame& frame, Shape dst,
                  int dst_pitch, int kernel, int images) {
  Stencil stencil = {.src_step = std::ptrdiff_t(columns.src_step) * frame.pitch,
                     .dst_step = std::ptrdiff_t(columns.step) * dst_pitch};
  if (!rows.meetings.empty() && !columns.meetings.empty()) {
    for (const Axis::Meeting& row : rows.meetings) {
      for (const Axis::Meeting& column : columns.meetings) {
        stencil.taps.push_back({row.src * frame.row() + std::ptrdiff_t(column.src) * frame.pitch,
                                row.tap * kernel + column.tap});
      }
    }
  }
  for (int n = 0; n < images; ++n) {
    for (int y = 0; y < rows.count; ++y) {
      for (int x = 0; x < columns.count;) {
        const bool whole = columns.count - x >= kStrand;
        const int to_y = rows.first + y * rows.step;
        const int to_x = columns.first + x * columns.step;
        const auto pixel = (std::ptrdiff_t(n) * dst.height + to_y) * dst.width + to_x;
        (whole ? stencil.strands : stencil.singles)
            .push_back({std::int32_t(frame.At(n, y * rows.src_step, x * columns.src_step)),
                        std::int32_t(pixel * dst_pitch)});
        x += whole ? kStrand : 1;
      }
    }
  }
  stencil.strands_per_image = int(stencil.strands.size()) / images;
  stencil.singles_per_image = int(stencil.singles.size()) / images;
  return stencil;
}

}  // namespace

ForwardGeometry MakeForward(const Op& op, Shape src, int src_pitch, int dst_pitch, int images) {
  const Axis rows = ForwardAxis(op, op.shape.height);
  const Axis columns = ForwardAxis(op, op.shape.width);
  const int border = std::max(BorderOf(rows, src.height), BorderOf(columns, src.width));
  const Frame frame = {border, src.height, src.width, src_pitch};
  return {frame, StencilOf(rows, columns, frame, op.shape, dst_pitch, op.kernel, images)};
}

BackwardGeometry MakeBackward(const Op& op, Shape src, int src_pitch, int dst_pitch, int images) {
  std::vector<Axis> rows;
  std::vector<Axis> columns;
  int border = 0;
  for (int phase = 0; phase < op.stride; ++phase) {
    rows.push_back(BackwardAxis(op, phase, src.height));
    columns.push_back(BackwardAxis(op, phase, src.width));
    border = std::max(
        {border, BorderOf(rows.back(), op.shape.height), BorderOf(columns.back(), op.shape.width)});
  }
  BackwardGeometry geometry = {.frame = {border, op.shape.height, op.shape.width, dst_pitch}};
  for (const Axis& row : rows) {
    for (const Axis& column : columns) {
      if (row.count <= 0 || column.count <= 0) continue;
      geometry.phases.push_back(
          StencilOf(row, column, geometry.frame, src, src_pitch, op.kernel, images));
    }
  }
  return geometry;
}

}  // namespace mote::native::tape
