#include "mote/backends/native/forward.h"

#include <algorithm>

#include "mote/backends/native/activation.h"
#include "mote/backends/native/direct.h"
#include "mote/backends/native/gemm.h"
#include "mote/backends/native/head.h"
#include "mote/backends/native/node_sum.h"
#include "mote/backends/native/pack.h"
#include "mote/backends/native/pool.h"
#include "mote/backends/native/sources.h"
#include "mote/backends/native/terms.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {
namespace {

class ForwardPass {
 public:
  ForwardPass(State& state, const Batch& batch, Statistics statistics, Purpose purpose)
      : state_(state),
        plan_(state.plan),
        batch_(batch),
        takes_moments_(statistics == Statistics::kBatch),
        purpose_(purpose) {}

  void Run() {
    if (!takes_moments_) {
      for (int n = 0; n < int(plan_.norms.size()); ++n) {
        const Norm& norm = plan_.norms[n];
        state_.norms[n].UseRunning(state_.weights.data() + norm.gamma,
                                   state_.weights.data() + norm.beta);
      }
    }
    for (const Phase& phase : takes_moments_ ? plan_.forward_phases : plan_.segments)
      MakePhase(phase);
    const Head& head = plan_.head;
    Ungroup(state_.values[head.src].x.data(), batch_.size(), head.channels, plan_.layout.group,
            state_.features.data());
    Linear(state_.features.data(), batch_.size(), head.channels,
           state_.weights.data() + head.weight, state_.weights.data() + head.bias, head.classes,
           state_.logits.data());
  }

 private:
  // Values and the convolutions that read them, block by block.
  void MakePhase(const Phase& phase) {
    for (int v = phase.begin; v < phase.end; ++v) SumShifts(v);
    const Shape& shape = plan_.values[phase.begin].shape;
    const Blocks blocks(WholeBatch(plan_.layout, batch_.size()),
                        GroupsPerBlock(std::int64_t(shape.height) * shape.width));
    for (int b = 0; b < blocks.count(); ++b) {
      Block block = blocks[b];
      if (!takes_moments_) block.place = 0;
      for (int v = phase.begin; v < phase.end; ++v) MakeValue(v, block, b == 0);
    }
    if (!takes_moments_) return;
    for (int v = phase.begin; v < phase.end; ++v) {
      for (int g : plan_.values[v].groups) {
        for (int conv : plan_.groups[g].convs) {
          if (plan_.convs[conv].norm >= 0) FinishNorm(plan_.convs[conv].norm);
        }
      }
      for (int norm : plan_.values[v].norm_readers) FinishNorm(norm);
    }
  }

  void MakeValue(int v, const Block& block, bool is_first) {
    const Value& value = plan_.values[v];
    const SourceNeeds& needs = state_.values[v].needs;
    if (is_first && takes_moments_ && !value.norm_readers.empty()) FindValuePivot(v, block);
    MakeBlock(v, block, needs);
    if (value.folded_into >= 0) Pool(value.folded_into, block);
    for (int g : value.groups) ConvolveBlock(plan_.groups[g], g, block, needs, is_first);
  }

  void FinishNorm(int n) {
    const Norm& norm = plan_.norms[n];
    const double count = double(batch_.size()) * norm.shape.height * norm.shape.width;
    state_.norms[n].FinishForward(count, state_.weights.data() + norm.gamma,
                                  state_.weights.data() + norm.beta, purpose_ == Purpose::kStep);
  }

  void SumShifts(int v) {
    const Buffer& shift = state_.values[v].shift;
    std::ranges::fill(shift, 0.0f);
    const auto add = [&](int norm) {
      const float* part = state_.norms[norm].normalization().shift;
      for (std::size_t i = 0; i < shift.size(); ++i) shift[i] += part[i];
    };
    const Value& value = plan_.values[v];
    for (int norm : value.norms) add(norm);
    for (int src : value.skips) {
      if (!plan_.values[src].stored) add(plan_.values[src].norms.front());
    }
  }

  // A pixel of the value, made before the sums over all of it are taken relative to it.
  void FindValuePivot(int v, const Block& first) {
    Block one = first;
    one.groups = 1;
    MakeBlock(v, one, {}, false);
    const Shape& shape = plan_.values[v].shape;
    const std::ptrdiff_t middle =
        (std::ptrdiff_t(shape.height / 2) * shape.width + shape.width / 2) * state_.pitch(shape);
    for (int norm : plan_.values[v].norm_readers) {
      state_.norms[norm].SetPivot(state_.x(v, one) + middle);
    }
  }

  void MakeBlock(int v, const Block& block, const SourceNeeds& needs, bool with_moments = true) {
    const Value& value = plan_.values[v];
    const Extent extent = state_.extent(value.shape, block.groups);
    const bool has_moments = with_moments && takes_moments_ && !value.norm_readers.empty();
    SourceNeeds left = needs;
    MomentSums sums;
    if (has_moments) sums = state_.norms[value.norm_readers.front()].sums();
    switch (value.kind) {
      case ValueKind::kImages:
        break;
      case ValueKind::kLoaded:
        LoadBlock(v, block);
        break;
      case ValueKind::kSum:
        SumBlock(v, block, left, sums);
        break;
      case ValueKind::kActivation:
        (value.activation == OpKind::kRelu ? Relu : Gelu)(state_.x(value.src, block),
                                                          extent.floats(), state_.x(v, block));
        break;
      case ValueKind::kPool:
        // A folded sum was pooled as it was made.
        if (plan_.values[value.src].folded_into < 0) Pool(v, block);
        break;
    }
    if (has_moments) {
      if (value.kind != ValueKind::kSum) AddMoments(state_.x(v, block), extent, sums);
      ShareMoments(value, block);
    }
    CopySource(state_, v, block, left, batch_);
  }

  // Rare, so without a kernel. Lanes of padding and of a missing image are 0.
  void LoadBlock(int v, const Block& block) {
    const Shape& shape = plan_.values[v].shape;
    const int lanes = plan_.layout.group;
    const int pitch = state_.pitch(shape);
    const std::int64_t pixels = std::int64_t(shape.height) * shape.width;
    float* x = state_.x(v, block);
    std::fill_n(x, state_.extent(shape, block.groups).floats(), 0.0f);
    const int first = block.first * lanes;
    const int last = std::min(first + block.groups * lanes, batch_.size());
    for (int image = first; image < last; ++image) {
      const float* from = batch_.images.data() + image * shape.elements();
      float* to = x + (image - first) / lanes * pixels * pitch + (image - first) % lanes;
      for (std::int64_t p = 0; p < pixels; ++p) {
        for (int c = 0; c < shape.channels; ++c) {
          to[p * pitch + c * lanes] = from[p * shape.channels + c];
        }
      }
    }
  }

  void Pool(int v, const Block& block) {
    const Value& value = plan_.values[v];
    PoolWindows(state_.extent(plan_.values[value.src].shape, block.groups),
                state_.x(value.src, block), value.window_height, value.window_width,
                state_.x(v, block));
  }

  void SumBlock(int v, const Block& block, SourceNeeds& needs, const MomentSums& sums) {
    const Value& value = plan_.values[v];
    const Extent extent = state_.extent(value.shape, block.groups);
    Terms<NormedOperand> normed;
    for (int norm : value.norms) normed.Add(state_.normed(norm, block));
    const Scratch& scratch = state_.scratch;
    for (int conv : value.convs) {
      normed.Add({state_.y(conv, block), scratch.ones.data(), scratch.zeros.data()});
    }
    Terms<const float*> skips;
    bool is_shifted = !value.norms.empty();
    for (int src : value.skips) {
      if (plan_.values[src].stored) {
        skips.Add(state_.x(src, block));
      } else {
        normed.Add(state_.normed(plan_.values[src].norms.front(), block));
        is_shifted = true;
      }
    }
    Terms<const float*> pools;
    for (int src : value.pools) pools.Add(state_.x(src, block));
    NodeSum sum = {.extent = extent,
                   .normed = normed.span(),
                   .shift = is_shifted ? state_.values[v].shift.data() : nullptr,
                   .skips = skips.span(),
                   .pools = pools.span(),
                   .x = value.stored ? state_.x(v, block) : nullptr,
                   .sums = sums};
    // One of the copies comes with the sum; were the other wanted, too, CopySource makes it.
    if (needs.relu || needs.plain) {
      sum.relu = needs.relu;
      sum.copy = PrepareCopy(state_, v, block, needs, sum.relu);
      (sum.relu ? needs.relu : needs.plain) = false;
    }
    if (value.stored || sum.copy.data != nullptr) SumNode(sum);
  }

  void AddMoments(const float* x, const Extent& extent, const MomentSums& sums) {
    SumNode({.extent = extent, .skips = {&x, 1}, .sums = sums});
  }

  // Normalisations of one value have the same moments.
  void ShareMoments(const Value& value, const Block& block) {
    const NormState& first = state_.norms[value.norm_readers.front()];
    for (std::size_t i = 1; i < value.norm_readers.size(); ++i) {
      state_.norms[value.norm_readers[i]].CopySums(first);
    }
    for (int norm : value.norm_readers) state_.norms[norm].AddBlock(block.half);
  }

  void ConvolveBlock(const ConvGroup& group, int g, const Block& block, const SourceNeeds& needs,
                     bool is_first) {
    const ConstPixels src = SourceOf(state_, group, block, needs);
    if (group.method == ConvMethod::kWinograd) {
      Winograd(group, g, block, src, is_first);
    } else {
      Direct(group, g, block, src, is_first);
    }
    for (int conv : group.convs) {
      const int norm = plan_.convs[conv].norm;
      if (norm < 0 || !takes_moments_) continue;
      if (!plan_.options.moments_on_store) {
        AddMoments(state_.y(conv, block), state_.extent(group.out, block.groups),
                   state_.norms[norm].sums());
      }
      state_.norms[norm].AddBlock(block.half);
    }
    PoolResults(group, block);
  }

  // While the results are near.
  void PoolResults(const ConvGroup& group, const Block& block) {
    for (int conv : group.convs) {
      const int norm = plan_.convs[conv].norm;
      if (norm < 0 || !plan_.norms[norm].pooled()) continue;
      PoolWindows(state_.extent(group.out, block.groups), state_.y(conv, block),
                  plan_.norms[norm].pool_height, plan_.norms[norm].pool_width,
                  state_.pooled(norm, block));
    }
  }

  // Where the kernels add moments of this convolution's result.
  MomentSums SumsOf(int conv) const {
    const int norm = plan_.convs[conv].norm;
    if (norm < 0 || !takes_moments_ || !plan_.options.moments_on_store) return {};
    return state_.norms[norm].sums();
  }

  void SetPivots(const ConvGroup& group, const Block& block, int row, int column) {
    const std::ptrdiff_t pixel =
        (std::ptrdiff_t(row) * group.out.width + column) * state_.pitch(group.out);
    for (int conv : group.convs) {
      const int norm = plan_.convs[conv].norm;
      if (norm >= 0) state_.norms[norm].SetPivot(state_.y(conv, block) + pixel);
    }
  }

  void Direct(const ConvGroup& group, int g, const Block& block, ConstPixels src, bool is_first) {
    const int lanes = plan_.layout.group;
    const Extent out = state_.extent(group.out, block.groups);
    const int src_pitch = group.in_channels * lanes;
    src.data -= group.padding * (src.row + src_pitch);
    ConvShape shape = {.groups = block.groups,
                       .height = group.out.height,
                       .width = group.out.width,
                       .kernel = group.kernel,
                       .stride = group.stride,
                       .in_channels = group.in_channels,
                       .group = lanes,
                       .n = group.columns() * lanes};
    const float* weights = state_.groups[g].forward.size() > 0
                               ? state_.groups[g].forward.data()
                               : state_.weights.data() + group.weights;
    Terms<ConvResult> results;
    if (is_first && takes_moments_) {
      // The pixel in the middle of the first image, before all others.
      const int row = group.out.height / 2;
      const int column = group.out.width / 2;
      for (int conv : group.convs) {
        Pixels pixels = Dense(state_.y(conv, block), out);
        pixels.data += row * pixels.row + std::ptrdiff_t(column) * out.pitch;
        results.Add({pixels, {}});
      }
      ConvShape one = shape;
      one.groups = one.height = one.width = 1;
      ConstPixels under = src;
      under.data += group.stride * (row * src.row + std::ptrdiff_t(column) * src_pitch);
      Convolve(one, under, weights, results.span(), false);
      SetPivots(group, block, row, column);
      results = {};
    }
    for (int conv : group.convs) {
      results.Add({Dense(state_.y(conv, block), out), SumsOf(conv)});
    }
    Convolve(shape, src, weights, results.span(), false);
  }

  void Winograd(const ConvGroup& group, int g, const Block& block, ConstPixels src, bool is_first) {
    const int lanes = plan_.layout.group;
    const TileChunks chunks(plan_, group);
    const int in_pitch = chunks.in_pitch;
    const int n = chunks.columns;
    const Extent out = state_.extent(group.out, block.groups);
    const int tiles = block.groups * (out.height / kTile) * (out.width / kTile);
    const TilePoints v = chunks.Points(state_.scratch.points, in_pitch);
    const TilePoints m = chunks.Points(state_.scratch.products, n);
    for (int first = 0; first < tiles; first += chunks.tiles) {
      const TileRange range = {out.height, out.width, first, std::min(chunks.tiles, tiles - first)};
      TransformSource(range, src, in_pitch, InPlace(state_, group), v);
      Multiply({.count = kWinogradPoints,
                .m = range.count,
                .k = group.in_channels,
                .n = n,
                .group = lanes,
                .a = v.data,
                .a_row = v.row,
                .a_matrix = v.matrix,
                .b = state_.groups[g].forward.data(),
                .b_row = n,
                .b_matrix = std::ptrdiff_t(group.in_channels) * n,
                .d = m.data,
                .d_row = m.row,
                .d_matrix = m.matrix});
      if (is_first && first == 0 && takes_moments_) {
        TileRange one = range;
        one.count = 1;
        for (int conv : group.convs) {
          TransformResult(one, m, plan_.convs[conv].position * out.pitch, out.pitch,
                          Dense(state_.y(conv, block), out), {});
        }
        SetPivots(group, block, kTile / 2, kTile / 2);
      }
      for (int conv : group.convs) {
        TransformResult(range, m, plan_.convs[conv].position * out.pitch, out.pitch,
                        Dense(state_.y(conv, block), out), SumsOf(conv));
      }
    }
  }

  State& state_;
  const Plan& plan_;
  const Batch& batch_;
  const bool takes_moments_;
  const Purpose purpose_;
};

}  // namespace

void PackForward(State& state) {
  const Plan& plan = state.plan;
  for (int g = 0; g < int(plan.groups.size()); ++g) {
    const ConvGroup& group = plan.groups[g];
    const float* weights = state.weights.data() + group.weights;
    float* packed = state.groups[g].forward.data();
    if (group.method == ConvMethod::kWinograd) {
      TransformKernel(weights, group.in_channels, group.columns(), plan.layout.group, packed);
    } else if (plan.layout.group > 1) {
      RepeatColumns(weights, group.kernel * group.kernel * group.in_channels, group.columns(),
                    plan.layout.group, packed);
    }
  }
}

void Forward(State& state, const Batch& batch, Statistics statistics, Purpose purpose) {
  ForwardPass(state, batch, statistics, purpose).Run();
}

}  // namespace mote::native
