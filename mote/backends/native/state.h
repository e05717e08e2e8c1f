// Everything an executor remembers: weights, activations, statistics and scratch, allocated once
// for a plan and a largest batch.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mote/backends/native/buffer.h"
#include "mote/backends/native/layout.h"
#include "mote/backends/native/node_sum.h"
#include "mote/backends/native/norm_state.h"
#include "mote/backends/native/plan.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {

struct ValueState {
  Buffer x;      // [groups][height][width][pitch]; images and what is not stored have none
  Buffer g;      // gradient to it
  Buffer shift;  // [pitch] sum of the shifts of the normalised terms
  SourceNeeds needs;
  // Of a folded value: the first group of the block that g holds, -1 if none.
  int folded_block = -1;
};

// The weights of convolutions that run as one, in the forms that the kernels read, and the sums of
// their gradient before the lanes of a group are added.
struct GroupState {
  Buffer forward;   // direct: columns repeated; Winograd: U. Empty: the flat weights as they are
  Buffer backward;  // transposed; empty if the source needs no gradient
  Buffer gradient;  // Winograd: dU; direct: lanes apart. Empty: straight into the flat gradient
};

// Images with a border of zeros, and for which geometry the border holds zeros now.
struct BorderedBuffer {
  Buffer floats;
  Extent clean = {};
  int clean_border = 0;
};

// What one block of images needs at a time, shared by all steps.
struct Scratch {
  // What convolutions read, by the width of its border.
  std::array<BorderedBuffer, 2> relu_copy;   // max(x, 0)
  std::array<BorderedBuffer, 2> plain_copy;  // x
  Buffer points;                             // Winograd: V
  Buffer products;                           // M, dM
  Buffer source_points;                      // dV
  BorderedBuffer result_slopes;              // direct: dy side by side
  Buffer spaced_slopes;                      // the same with zeros between, for strides
  Buffer conv_slopes;                        // gradient to relu(x) from convolutions
  Buffer plain_slopes;              // gradient to x from convolutions that read it without a ReLU
  std::vector<Buffer> term_slopes;  // gradients to x through activations and normalisations
  Buffer spread_slopes;             // gradient to a normalised result that was averaged
  Buffer gradient_sum;              // [pitch] of a block
  Buffer transposed;                // a kernel on the way to its backward form
  Buffer mask;                      // [pitch] 1 for the first image of a group, 0 for the second
  Buffer ones, zeros;               // [pitch]
};

// A run of image groups that goes through a step at once.
struct Block {
  int first = 0;  // in the batch
  int groups = 0;
  bool half = false;  // the second image of the last group is missing
  int place = 0;      // of the first group in what is not kept of the whole batch
};

Block WholeBatch(const Layout& layout, int images);

// A block in parts of some groups; a group that lacks its second image comes last and alone.
class Blocks {
 public:
  Blocks(const Block& whole, int per_block);

  int count() const { return full_blocks_ + (whole_.half ? 1 : 0); }
  Block operator[](int index) const;

 private:
  Block whole_;
  int per_block_;
  int full_groups_;
  int full_blocks_;
};

// Image groups that a block of values of this many pixels has at most.
int GroupsPerBlock(std::int64_t pixels);
// How a group of Winograd convolutions goes through a block: some tiles at a time, whose
// transformed values lie in the scratch. Floats of a pixel of the source, and of all results side
// by side.
struct TileChunks {
  TileChunks(const Plan& plan, const ConvGroup& group);

  // Of values with `floats` a tile: from one of the 36 matrices to the next, staggered so that they
  // do not fall on the same cache lines.
  std::ptrdiff_t Matrix(int floats) const { return std::ptrdiff_t(tiles) * floats + 16; }
  TilePoints Points(const Buffer& buffer, int floats) const {
    return {buffer.data(), floats, Matrix(floats)};
  }

  int in_pitch;
  int columns;
  int tiles;  // in flight at once
};

class State {
 public:
  State(const Plan& the_plan, int largest_batch);

  // Floats of one image group's values.
  std::ptrdiff_t image_floats(const Shape& shape) const {
    return std::ptrdiff_t(shape.height) * shape.width * pitch(shape);
  }
  int pitch(const Shape& shape) const { return plan.layout.Pitch(shape.channels); }
  Extent extent(const Shape& shape, int group_count) const {
    return {group_count, shape.height, shape.width, pitch(shape)};
  }

  float* x(int value, const Block& block) const { return At(value, values[value].x, block); }
  float* g(int value, const Block& block) const { return At(value, values[value].g, block); }
  float* y(int conv, const Block& block) const {
    const Conv& of = plan.convs[conv];
    return results[conv].data() + PlaceOf(of, block) * image_floats(plan.groups[of.group].out);
  }
  // What a normalisation normalises, and adds to its reader.
  const float* normalized(int norm, const Block& block) const {
    const Norm& of = plan.norms[norm];
    if (of.pooled()) return pooled(norm, block);
    return of.conv >= 0 ? y(of.conv, block) : x(of.src, block);
  }
  NormedOperand normed(int norm, const Block& block) const {
    const Normalization by = norms[norm].normalization();
    return {normalized(norm, block), by.scale, by.mean};
  }
  // Averages of a convolution's result, for a normalisation that wants those.
  float* pooled(int norm, const Block& block) const {
    return pooled_results[norm].data() +
           block.first * image_floats(plan.values[plan.norms[norm].reader].shape);
  }

  const Plan& plan;
  const int batch_size;
  std::vector<ValueState> values;
  std::vector<Buffer> results;         // of convolutions
  std::vector<Buffer> pooled_results;  // by normalisation; most are empty
  std::vector<GroupState> groups;
  std::vector<NormState> norms;
  Buffer weights, gradient, first_moments, second_moments;  // flat
  Buffer features, feature_slopes, pooled_slopes, logits, logit_slopes;
  Scratch scratch;

 private:
  // A folded value has but one block.
  float* At(int value, const Buffer& buffer, const Block& block) const {
    const Value& of = plan.values[value];
    if (of.folded_into >= 0) return buffer.data();
    return buffer.data() + PlaceOf(of, block) * image_floats(of.shape);
  }
  template <class Kept>
  static int PlaceOf(const Kept& kept, const Block& block) {
    return kept.leaves_segment ? block.first : block.place;
  }
  void MakeScratch();

  Arena arena_;
};

}  // namespace mote::native
