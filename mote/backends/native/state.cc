#include "mote/backends/native/state.h"

#include <algorithm>
#include <limits>

#include "mote/backends/native/sources.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {
namespace {

// Pixels of a block: enough to amortise calls, few enough that a block's operands stay in the
// second cache.
constexpr std::int64_t kBlockPixels = 512;
// Floats of V of a chunk of tiles: with M and dV beside it, it fits the second cache.
constexpr int kChunkFloats = 36 * 1024;

std::size_t PaddedFloats(int groups, int height, int width, int border, std::size_t pixel) {
  return groups * std::size_t(height + 2 * border) * (width + 2 * border) * pixel;
}

}  // namespace

Block WholeBatch(const Layout& layout, int images) {
  return {.groups = layout.Groups(images), .half = images % layout.group != 0};
}

Blocks::Blocks(const Block& whole, int per_block)
    : whole_(whole),
      per_block_(per_block),
      full_groups_(whole.groups - (whole.half ? 1 : 0)),
      full_blocks_((full_groups_ + per_block_ - 1) / per_block_) {}

Block Blocks::operator[](int index) const {
  const bool half = index == full_blocks_;
  const int from = half ? full_groups_ : index * per_block_;
  const int groups = half ? 1 : std::min(per_block_, full_groups_ - from);
  return {whole_.first + from, groups, half, whole_.place + from};
}

int GroupsPerBlock(std::int64_t pixels) {
  return int(std::max<std::int64_t>(1, kBlockPixels / std::max<std::int64_t>(1, pixels)));
}

TileChunks::TileChunks(const Plan& plan, const ConvGroup& group)
    : in_pitch(group.in_channels * plan.layout.group),
      columns(group.columns() * plan.layout.group) {
  const int widest = std::max(in_pitch, group.out_channels * plan.layout.group);
  tiles = std::clamp(kChunkFloats / (kWinogradPoints * widest), 16, 64);
}

State::State(const Plan& the_plan, int largest_batch)
    : plan(the_plan),
      batch_size(largest_batch),
      arena_(plan.options.poison ? std::numeric_limits<float>::quiet_NaN() : 0) {
  const int all_groups = plan.layout.Groups(batch_size);
  for (const Value& value : plan.values) {
    ValueState state;
    state.needs = NeedsOf(plan, value);
    if (value.kind != ValueKind::kImages) {
      const std::int64_t pixels = std::int64_t(value.shape.height) * value.shape.width;
      const int held =
          value.folded_into >= 0 ? std::min(all_groups, GroupsPerBlock(pixels)) : all_groups;
      const std::size_t floats = held * image_floats(value.shape);
      if (value.stored) state.x = arena_.Take(floats);
      state.g = arena_.Take(floats);
      state.shift = arena_.Take(pitch(value.shape));
    }
    values.push_back(std::move(state));
  }
  for (const Conv& conv : plan.convs) {
    results.push_back(arena_.Take(all_groups * image_floats(plan.groups[conv.group].out)));
  }
  for (const Norm& norm : plan.norms) {
    norms.emplace_back(norm, plan.layout);
    pooled_results.push_back(
        norm.pooled() ? arena_.Take(all_groups * image_floats(plan.values[norm.reader].shape))
                      : Buffer());
  }
  const int group = plan.layout.group;
  for (const ConvGroup& conv : plan.groups) {
    const bool has_backward = plan.values[conv.src].kind != ValueKind::kImages;
    const std::size_t lanes = conv.weight_count() * group;
    const std::size_t points =
        kWinogradPoints * std::size_t(conv.in_channels) * conv.columns() * group;
    const bool winograd = conv.method == ConvMethod::kWinograd;
    GroupState state;
    if (winograd || group > 1) {
      state.forward = arena_.Take(winograd ? points : lanes);
      state.gradient = arena_.Take(winograd ? points : lanes);
    }
    if (has_backward) state.backward = arena_.Take(winograd ? points : lanes);
    groups.push_back(std::move(state));
  }
  for (Buffer* flat : {&weights, &gradient, &first_moments, &second_moments}) {
    *flat = arena_.Take(plan.weight_count);
  }
  for (Buffer* flat : {&features, &feature_slopes, &pooled_slopes}) {
    *flat = arena_.Take(std::size_t(all_groups) * group * plan.head.channels);
  }
  for (Buffer* flat : {&logits, &logit_slopes}) {
    *flat = arena_.Take(std::size_t(batch_size) * plan.head.classes);
  }
  MakeScratch();
}

void State::MakeScratch() {
  // The largest that any step asks for.
  std::vector<std::pair<Buffer*, std::size_t>> sizes;
  const auto grow = [&](Buffer& buffer, std::size_t floats) {
    for (auto& [known, size] : sizes) {
      if (known == &buffer) return void(size = std::max(size, floats));
    }
    sizes.emplace_back(&buffer, floats);
  };
  std::size_t terms = 0;
  for (const Value& value : plan.values) {
    terms = std::max(terms, value.value_readers.size() + value.norm_readers.size());
  }
  scratch.term_slopes.resize(terms);
  const int group = plan.layout.group;
  int widest = 0;
  for (const Value& value : plan.values) {
    const std::int64_t pixels = std::int64_t(value.shape.height) * value.shape.width;
    const int block = GroupsPerBlock(pixels);
    const int floats =
        value.kind == ValueKind::kImages ? value.shape.channels * group : pitch(value.shape);
    widest = std::max(widest, pitch(value.shape));
    const std::size_t padded =
        PaddedFloats(block, value.shape.height, value.shape.width, 1, floats);
    // A value's source is read in blocks of its own size.
    for (auto* copies : {&scratch.relu_copy, &scratch.plain_copy}) {
      for (BorderedBuffer& copy : *copies) grow(copy.floats, padded);
    }
    grow(scratch.conv_slopes, padded);
    grow(scratch.plain_slopes, padded);
    for (Buffer& slopes : scratch.term_slopes) grow(slopes, padded);
    for (int g : value.groups) {
      const ConvGroup& conv = plan.groups[g];
      const int n = conv.columns() * group;
      grow(scratch.transposed, conv.weight_count());
      if (conv.method == ConvMethod::kWinograd) {
        const TileChunks chunks(plan, conv);
        grow(scratch.points, kWinogradPoints * chunks.Matrix(chunks.in_pitch));
        grow(scratch.source_points, kWinogradPoints * chunks.Matrix(chunks.in_pitch));
        grow(scratch.products, kWinogradPoints * chunks.Matrix(chunks.columns));
      } else {
        grow(scratch.result_slopes.floats,
             PaddedFloats(block, conv.out.height, conv.out.width, 1, n));
        if (conv.stride > 1) {
          grow(scratch.spaced_slopes,
               PaddedFloats(block, value.shape.height, value.shape.width, 1, n));
        }
      }
      for (int c : conv.convs) {
        const int norm = plan.convs[c].norm;
        if (norm < 0 || !plan.norms[norm].pooled()) continue;
        grow(scratch.spread_slopes, block * image_floats(conv.out));
      }
      widest = std::max(widest, pitch(conv.out));
    }
  }
  for (const auto& [buffer, size] : sizes) *buffer = arena_.Take(size);
  scratch.mask = arena_.Take(widest);
  scratch.ones = arena_.Take(widest);
  scratch.gradient_sum = arena_.Take(widest);
  scratch.zeros = arena_.Take(widest);
  for (int i = 0; i < widest; ++i) {
    scratch.mask[i] = i % group == 0 ? 1.0f : 0.0f;
    scratch.ones[i] = 1;
    scratch.zeros[i] = 0;
  }
}

}  // namespace mote::native
