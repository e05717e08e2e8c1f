#include "mote/backends/native/backward.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ranges>

#include "mote/backends/native/activation.h"
#include "mote/backends/native/direct.h"
#include "mote/backends/native/gemm.h"
#include "mote/backends/native/head.h"
#include "mote/backends/native/node_gradient.h"
#include "mote/backends/native/norm_gradient.h"
#include "mote/backends/native/pack.h"
#include "mote/backends/native/sources.h"
#include "mote/backends/native/terms.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {
namespace {

class BackwardPass {
 public:
  BackwardPass(State& state, const Batch& batch)
      : state_(state), plan_(state.plan), batch_(batch) {}

  EvaluationResult Run(const LossOptions& options) {
    PackKernels();
    const EvaluationResult result = HeadGradient(options);
    for (ValueState& value : state_.values) value.folded_block = -1;
    for (const Phase& phase : plan_.backward_phases) PhaseGradient(phase);
    FinishKernels();
    return result;
  }

 private:
  // The weights as the gradient to a convolution's source reads them.
  void PackKernels() {
    const int lanes = plan_.layout.group;
    for (int g = 0; g < int(plan_.groups.size()); ++g) {
      const ConvGroup& group = plan_.groups[g];
      const Buffer& backward = state_.groups[g].backward;
      if (backward.size() == 0) continue;
      const bool winograd = group.method == ConvMethod::kWinograd;
      const int taps = group.kernel * group.kernel;
      // Without lanes to repeat, the transposed kernel is what a direct convolution reads.
      float* transposed =
          !winograd && lanes == 1 ? backward.data() : state_.scratch.transposed.data();
      TransposeKernel(state_.weights.data() + group.weights, taps, group.in_channels,
                      group.columns(), !winograd, transposed);
      if (winograd) {
        TransformKernel(transposed, group.columns(), group.in_channels, lanes, backward.data());
      } else if (lanes > 1) {
        RepeatColumns(transposed, taps * group.columns(), group.in_channels, lanes,
                      backward.data());
      }
    }
    // Kernel gradients are sums over blocks.
    std::ranges::fill(state_.gradient, 0.0f);
    for (const GroupState& group : state_.groups) std::ranges::fill(group.gradient, 0.0f);
  }

  void FinishKernels() {
    const int lanes = plan_.layout.group;
    for (int g = 0; g < int(plan_.groups.size()); ++g) {
      const ConvGroup& group = plan_.groups[g];
      const float* sums = state_.groups[g].gradient.data();
      float* gradient = state_.gradient.data() + group.weights;
      if (group.method == ConvMethod::kWinograd) {
        TransformKernelGradient(sums, group.in_channels, group.columns(), lanes, gradient);
      } else if (lanes > 1) {
        SumLanes(sums, group.kernel * group.kernel * group.in_channels, group.columns(), lanes,
                 gradient);
      }
    }
  }

  EvaluationResult HeadGradient(const LossOptions& options) {
    const Head& head = plan_.head;
    const EvaluationResult result = CrossEntropy(state_.logits.data(), batch_.labels, head.classes,
                                                 options, state_.logit_slopes.data());
    LinearGradient(state_.features.data(), batch_.size(), head.channels,
                   state_.weights.data() + head.weight, state_.logit_slopes.data(), head.classes,
                   state_.gradient.data() + head.weight, state_.gradient.data() + head.bias,
                   state_.feature_slopes.data());
    Regroup(state_.feature_slopes.data(), batch_.size(), head.channels, plan_.layout.group,
            state_.pooled_slopes.data());
    return result;
  }

  void PhaseGradient(const Phase& phase) {
    const Shape& shape = plan_.values[phase.begin].shape;
    const Blocks blocks(WholeBatch(plan_.layout, batch_.size()),
                        GroupsPerBlock(std::int64_t(shape.height) * shape.width));
    for (int v = phase.begin; v < phase.end; ++v) {
      for (int norm : plan_.values[v].norms) state_.norms[norm].StartBackward();
    }
    for (int b = 0; b < blocks.count(); ++b) {
      for (int v = phase.end - 1; v >= phase.begin; --v) {
        const SourceNeeds& needs = state_.values[v].needs;
        CopySource(state_, v, blocks[b], needs, batch_);
        BlockGradient(v, blocks[b], needs);
      }
    }
    for (int v = phase.begin; v < phase.end; ++v) {
      for (int n : plan_.values[v].norms) FinishNorm(n);
    }
  }

  void FinishNorm(int n) {
    const Norm& norm = plan_.norms[n];
    const double count = double(batch_.size()) * norm.shape.height * norm.shape.width;
    state_.norms[n].FinishBackward(count, state_.weights.data() + norm.gamma,
                                   state_.gradient.data() + norm.gamma,
                                   state_.gradient.data() + norm.beta);
  }

  void BlockGradient(int v, const Block& block, const SourceNeeds& needs) {
    const Value& value = plan_.values[v];
    const Extent extent = state_.extent(value.shape, block.groups);
    if (value.kind == ValueKind::kImages) {
      for (int g : value.groups) DirectGradient(g, block, needs, {}, false);
      return;
    }
    NodeGradient node = {.extent = extent, .g = state_.g(v, block)};
    if (value.stored) {
      node.x = state_.x(v, block);
    } else {
      node.x = state_.normalized(value.norms.front(), block);
      node.norm = state_.norms[value.norms.front()].normalization();
    }
    Terms<const float*> skips;
    Terms<const float*> pools;
    Terms<Spread> spreads;
    for (int reader : value.skip_readers) skips.Add(Slopes(reader, block));
    for (int reader : value.pool_readers) pools.Add(Slopes(reader, block));
    AddOtherReaders(v, block, skips, spreads);

    node.conv = ConvolutionGradients(value, block, needs, true);
    const Pixels plain = ConvolutionGradients(value, block, needs, false);
    if (node.conv.data == nullptr) {
      node.conv = plain;
      node.relu = false;
    } else if (plain.data != nullptr) {
      skips.Add(MakeDense(plain, extent));
    }
    node.skips = skips.span();
    node.pools = pools.span();
    node.spreads = spreads.span();

    Terms<ProductSum> products;
    for (int n : value.norms) {
      const NormState& norm = state_.norms[n];
      products.Add({state_.normalized(n, block), norm.normalization().mean, norm.product_sum()});
    }
    node.products = products.span();
    float* sum = state_.scratch.gradient_sum.data();
    if (!value.norms.empty()) {
      std::fill_n(sum, extent.pitch, 0.0f);
      node.gradient_sum = sum;
    }
    SumNodeGradient(node);
    if (value.folded_into >= 0) state_.values[v].folded_block = block.first;
    for (int n : value.norms) state_.norms[n].AddGradientBlock(sum, block.half);
  }

  // The gradient to a value's block. Of a folded value it is made now, if it is not the block that
  // was made last.
  const float* Slopes(int v, const Block& block) {
    const Value& value = plan_.values[v];
    ValueState& held = state_.values[v];
    if (value.folded_into >= 0 && held.folded_block != block.first) {
      const Value& pool = plan_.values[value.folded_into];
      const Spread spread = {state_.g(value.folded_into, block), pool.window_height,
                             pool.window_width};
      SumNodeGradient({.extent = state_.extent(value.shape, block.groups),
                       .spreads = {&spread, 1},
                       .g = state_.g(v, block)});
      held.folded_block = block.first;
    }
    return state_.g(v, block);
  }

  // Through activations, pools, normalisations of the value itself, and the head.
  void AddOtherReaders(int v, const Block& block, Terms<const float*>& skips,
                       Terms<Spread>& spreads) {
    const Value& value = plan_.values[v];
    const Extent extent = state_.extent(value.shape, block.groups);
    std::size_t next = 0;
    for (int reader : value.value_readers) {
      const Value& by = plan_.values[reader];
      if (by.kind == ValueKind::kPool) {
        spreads.Add({state_.g(reader, block), by.window_height, by.window_width});
        continue;
      }
      float* slopes = state_.scratch.term_slopes[next++].data();
      (by.activation == OpKind::kRelu ? ReluGradient : GeluGradient)(
          state_.x(v, block), state_.g(reader, block), extent.floats(), slopes);
      skips.Add(slopes);
    }
    for (int n : value.norm_readers) {
      float* slopes = state_.scratch.term_slopes[next++].data();
      ApplyNormGradient(extent, Dense(Slopes(plan_.norms[n].reader, block), extent),
                        Dense(state_.x(v, block), extent), state_.norms[n].gradient(),
                        MaskOf(block), Dense(slopes, extent), extent.pitch, 0, 1);
      skips.Add(slopes);
    }
    if (v == plan_.head.src) skips.Add(state_.pooled_slopes.data() + block.first * extent.image());
  }

  const float* MaskOf(const Block& block) const {
    return block.half ? state_.scratch.mask.data() : nullptr;
  }

  // Drops the border of a buffer by moving its rows up; where the first one goes.
  static const float* MakeDense(const Pixels& pixels, const Extent& extent) {
    float* first = pixels.data - (pixels.row > extent.row() ? pixels.row + extent.pitch : 0);
    float* to = first;
    for (int group = 0; group < extent.groups; ++group) {
      for (int row = 0; row < extent.height; ++row, to += extent.row()) {
        const float* from = pixels.data + group * pixels.group + row * pixels.row;
        if (from != to) std::memmove(to, from, extent.row() * sizeof(float));
      }
    }
    return first;
  }

  // Gradient to relu(x), or to x, from the convolutions that read it so. Data null: none does.
  Pixels ConvolutionGradients(const Value& value, const Block& block, const SourceNeeds& needs,
                              bool relu) {
    const Extent extent = state_.extent(value.shape, block.groups);
    const Buffer& buffer = relu ? state_.scratch.conv_slopes : state_.scratch.plain_slopes;
    // Winograd's tiles overlap into a border, unless the image is one tile.
    const bool is_tile = value.shape.height == kTile && value.shape.width == kTile;
    const bool overlaps = !is_tile && std::ranges::any_of(value.groups, [&](int g) {
      return plan_.groups[g].relu == relu && plan_.groups[g].method == ConvMethod::kWinograd;
    });
    const Pixels slopes = overlaps ? Bordered(buffer, extent, 1) : Dense(buffer.data(), extent);
    if (overlaps) std::fill_n(buffer.data(), block.groups * slopes.group, 0.0f);
    bool written = false;
    for (const ConvMethod method : {ConvMethod::kWinograd, ConvMethod::kDirect}) {
      for (int g : value.groups) {
        const ConvGroup& group = plan_.groups[g];
        if (group.relu != relu || group.method != method) continue;
        if (method == ConvMethod::kWinograd) {
          WinogradGradient(g, block, needs, slopes);
        } else {
          DirectGradient(g, block, needs, slopes, written);
        }
        written = true;
      }
    }
    if (!written) return {};
    return slopes;
  }

  void WinogradGradient(int g, const Block& block, const SourceNeeds& needs, Pixels slopes) {
    const ConvGroup& group = plan_.groups[g];
    const int lanes = plan_.layout.group;
    const TileChunks chunks(plan_, group);
    const int in_pitch = chunks.in_pitch;
    const int n = chunks.columns;
    const Extent out = state_.extent(group.out, block.groups);
    const ConstPixels src = SourceOf(state_, group, block, needs);
    const int tiles = block.groups * (out.height / kTile) * (out.width / kTile);
    const TilePoints v = chunks.Points(state_.scratch.points, in_pitch);
    const TilePoints dv = chunks.Points(state_.scratch.source_points, in_pitch);
    const TilePoints dm = chunks.Points(state_.scratch.products, n);
    for (int first = 0; first < tiles; first += chunks.tiles) {
      const TileRange range = {out.height, out.width, first, std::min(chunks.tiles, tiles - first)};
      TransformSource(range, src, in_pitch, InPlace(state_, group), v);
      for (int conv : group.convs) {
        TransformResultGradient(range, Dense(SlopesOf(conv, block), out),
                                Dense(state_.y(conv, block), out), NormOf(conv), MaskOf(block),
                                out.pitch, plan_.convs[conv].position * out.pitch, dm);
      }
      AccumulateOuter({.count = kWinogradPoints,
                       .m = range.count,
                       .k = group.in_channels,
                       .n = n,
                       .group = lanes,
                       .a = v.data,
                       .a_row = v.row,
                       .a_matrix = v.matrix,
                       .b = dm.data,
                       .b_row = dm.row,
                       .b_matrix = dm.matrix,
                       .d = state_.groups[g].gradient.data(),
                       .d_row = n,
                       .d_matrix = std::ptrdiff_t(group.in_channels) * n});
      Multiply({.count = kWinogradPoints,
                .m = range.count,
                .k = group.columns(),
                .n = in_pitch,
                .group = lanes,
                .a = dm.data,
                .a_row = dm.row,
                .a_matrix = dm.matrix,
                .b = state_.groups[g].backward.data(),
                .b_row = in_pitch,
                .b_matrix = std::ptrdiff_t(group.columns()) * in_pitch,
                .d = dv.data,
                .d_row = dv.row,
                .d_matrix = dv.matrix});
      TransformSourceGradient(range, dv, in_pitch, slopes);
    }
  }

  // Gradient to the result of a convolution, or to what normalises it.
  const float* SlopesOf(int conv, const Block& block) {
    const Conv& of = plan_.convs[conv];
    if (of.norm < 0) return Slopes(of.reader, block);
    const Norm& norm = plan_.norms[of.norm];
    if (!norm.pooled()) return Slopes(norm.reader, block);
    float* slopes = state_.scratch.spread_slopes.data();
    const std::array<int, 3> wanted = {norm.reader, block.first, block.groups};
    if (spread_ != wanted) {
      const Spread spread = {Slopes(norm.reader, block), norm.pool_height, norm.pool_width};
      SumNodeGradient({.extent = state_.extent(norm.shape, block.groups),
                       .spreads = {&spread, 1},
                       .g = slopes});
      spread_ = wanted;
    }
    return slopes;
  }
  NormGradient NormOf(int conv) const {
    const int norm = plan_.convs[conv].norm;
    if (norm >= 0) return state_.norms[norm].gradient();
    const Scratch& scratch = state_.scratch;
    const float* zeros = scratch.zeros.data();
    return {scratch.ones.data(), zeros, zeros, zeros};
  }

  void DirectGradient(int g, const Block& block, const SourceNeeds& needs, Pixels slopes,
                      bool add) {
    const ConvGroup& group = plan_.groups[g];
    const int lanes = plan_.layout.group;
    const int n = group.columns() * lanes;
    Extent out = state_.extent(group.out, block.groups);
    Extent wide = out;  // all results side by side
    wide.pitch = n;

    // dy, with the border that the gradient to the source reads.
    const bool to_source = state_.groups[g].backward.size() > 0;
    const int border = to_source && group.stride == 1 ? group.padding : 0;
    const Pixels dy = PrepareBordered(state_.scratch.result_slopes, wide, border);
    for (int conv : group.convs) WriteSlopes(conv, block, out, dy, n, 1);

    ConstPixels src = SourceOf(state_, group, block, needs);
    const int src_pitch = group.in_channels * lanes;
    src.data -= group.padding * (src.row + src_pitch);
    const ConvShape shape = {.groups = block.groups,
                             .height = out.height,
                             .width = out.width,
                             .kernel = group.kernel,
                             .stride = group.stride,
                             .in_channels = group.in_channels,
                             .group = lanes,
                             .n = n};
    float* sums = state_.groups[g].gradient.size() > 0 ? state_.groups[g].gradient.data()
                                                       : state_.gradient.data() + group.weights;
    ConvolveKernelGradient(shape, src, dy, sums);
    if (!to_source) return;

    // A convolution of dy, spread out by the stride, with the transposed kernel.
    const Shape& from = plan_.values[group.src].shape;
    Pixels spread = dy;
    if (group.stride > 1) {
      Extent full = state_.extent(from, block.groups);
      full.pitch = n;
      const std::size_t floats = block.groups * std::size_t(from.height + 2 * group.padding) *
                                 (from.width + 2 * group.padding) * n;
      std::fill_n(state_.scratch.spaced_slopes.data(), floats, 0.0f);
      spread = Bordered(state_.scratch.spaced_slopes, full, group.padding);
      for (int conv : group.convs) WriteSlopes(conv, block, out, spread, n, group.stride);
    }
    const ConvShape back = {.groups = block.groups,
                            .height = from.height,
                            .width = from.width,
                            .kernel = group.kernel,
                            .stride = 1,
                            .in_channels = group.columns(),
                            .group = lanes,
                            .n = src_pitch};
    ConstPixels read = spread;
    read.data -= group.padding * (read.row + n);
    const ConvResult result = {slopes, {}};
    Convolve(back, read, state_.groups[g].backward.data(), {&result, 1}, add);
  }

  void WriteSlopes(int conv, const Block& block, const Extent& out, Pixels dst, int n,
                   int spacing) {
    ApplyNormGradient(out, Dense(SlopesOf(conv, block), out), Dense(state_.y(conv, block), out),
                      NormOf(conv), MaskOf(block), dst, n, plan_.convs[conv].position * out.pitch,
                      spacing);
  }

  State& state_;
  const Plan& plan_;
  const Batch& batch_;
  // Whose gradient spread_slopes holds: the value, first group and number of groups.
  std::array<int, 3> spread_ = {-1, -1, -1};
};

}  // namespace

EvaluationResult Backward(State& state, const Batch& batch, const LossOptions& loss) {
  return BackwardPass(state, batch).Run(loss);
}

}  // namespace mote::native
