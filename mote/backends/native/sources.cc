#include "mote/backends/native/sources.h"

#include <algorithm>

#include "mote/backends/native/node_sum.h"
#include "mote/backends/native/pack.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {
namespace {

Extent SourceExtent(const State& state, const Value& value, int groups) {
  Extent extent = state.extent(value.shape, groups);
  // Images are not padded to whole vectors.
  if (value.kind == ValueKind::kImages) {
    extent.pitch = value.shape.channels * state.plan.layout.group;
  }
  return extent;
}

}  // namespace

bool ReadsInPlace(const ConvGroup& group, const Value& src) {
  if (src.kind == ValueKind::kImages) return false;
  if (group.method == ConvMethod::kWinograd) return true;
  return group.kernel == 1 && !group.relu && src.stored;
}

SourceForm InPlace(const State& state, const ConvGroup& group) {
  const Value& src = state.plan.values[group.src];
  if (!ReadsInPlace(group, src)) return {};
  if (src.stored) return {.relu = group.relu};
  return {.norm = state.norms[src.norms.front()].normalization(), .relu = group.relu};
}

SourceNeeds NeedsOf(const Plan& plan, const Value& value) {
  SourceNeeds needs;
  for (int g : value.groups) {
    const ConvGroup& group = plan.groups[g];
    if (ReadsInPlace(group, value)) continue;
    (group.relu ? needs.relu : needs.plain) = true;
    if (group.kernel > 1) needs.border = 1;
  }
  return needs;
}

Pixels Dense(float* data, const Extent& extent) { return {data, extent.row(), extent.image()}; }

ConstPixels Dense(const float* data, const Extent& extent) {
  return {data, extent.row(), extent.image()};
}

Pixels Bordered(const Buffer& buffer, const Extent& extent, int border) {
  const std::ptrdiff_t row = std::ptrdiff_t(extent.width + 2 * border) * extent.pitch;
  return {buffer.data() + border * (row + extent.pitch), row, (extent.height + 2 * border) * row};
}

Pixels PrepareBordered(BorderedBuffer& buffer, const Extent& extent, int border) {
  const Extent& clean = buffer.clean;
  const bool same = clean.height == extent.height && clean.width == extent.width &&
                    clean.pitch == extent.pitch && buffer.clean_border == border;
  if (!same || clean.groups < extent.groups) {
    const Pixels pixels = Bordered(buffer.floats, extent, border);
    if (border > 0) std::fill_n(buffer.floats.data(), extent.groups * pixels.group, 0.0f);
    buffer.clean = extent;
    buffer.clean_border = border;
  }
  return Bordered(buffer.floats, extent, border);
}

Pixels PrepareCopy(State& state, int value, const Block& block, const SourceNeeds& needs,
                   bool relu) {
  const Extent extent = SourceExtent(state, state.plan.values[value], block.groups);
  auto& copies = relu ? state.scratch.relu_copy : state.scratch.plain_copy;
  return PrepareBordered(copies[needs.border], extent, needs.border);
}

void CopySource(State& state, int value, const Block& block, const SourceNeeds& needs,
                const Batch& batch) {
  const Value& of = state.plan.values[value];
  for (const bool relu : {false, true}) {
    if (!(relu ? needs.relu : needs.plain)) continue;
    const Pixels to = PrepareCopy(state, value, block, needs, relu);
    if (of.kind == ValueKind::kImages) {
      const int group = state.plan.layout.group;
      const int first = block.first * group;
      const int count = std::min(block.groups * group, batch.size() - first);
      const std::ptrdiff_t image = of.shape.elements();
      LoadImages(batch.images.subspan(first * image, count * image), count, of.shape.height,
                 of.shape.width, of.shape.channels, group, to);
    } else {
      NodeSum copy = {.extent = SourceExtent(state, of, block.groups), .copy = to, .relu = relu};
      const float* x = nullptr;
      NormedOperand y;
      if (of.stored) {
        x = state.x(value, block);
        copy.skips = {&x, 1};
      } else {
        y = state.normed(of.norms.front(), block);
        copy.normed = {&y, 1};
        copy.shift = state.values[value].shift.data();
      }
      SumNode(copy);
    }
  }
}

ConstPixels SourceOf(const State& state, const ConvGroup& group, const Block& block,
                     const SourceNeeds& needs) {
  const Value& src = state.plan.values[group.src];
  const Extent extent = SourceExtent(state, src, block.groups);
  if (ReadsInPlace(group, src)) {
    return Dense(
        src.stored ? state.x(group.src, block) : state.normalized(src.norms.front(), block),
        extent);
  }
  const auto& copies = group.relu ? state.scratch.relu_copy : state.scratch.plain_copy;
  return Bordered(copies[needs.border].floats, extent, needs.border);
}

}  // namespace mote::native
