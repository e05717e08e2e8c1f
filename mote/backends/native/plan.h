// A network rearranged for the engine: few passes over memory instead of many operations. Plain
// data; the executor walks it forwards and backwards, `mote plan` prints it.
//
// What survives of a network are *values* (the nodes of cells and what stands between stages) and
// *convolutions* between them. Everything else is folded into the pass that makes a value or reads
// it:
//   * a value is the sum of normalised convolution results, other values and their 3x3 pools, made
//     in one pass; ReLU and the border of zeros are put on as a convolution reads it;
//   * the sums that batch normalisation needs are taken as convolutions write their results; its
//     gradient is computed as the convolutions' backward passes read it;
//   * convolutions of one geometry that read the same value are one, with all their channels;
//   * a value that is one normalised result is not made: who reads it, normalises;
//   * where a pool alone reads a sum, the results are averaged before they are normalised and
//   added,
//     which is the same;
//   * what else of a sum is only read by a pool exists for a block of images at a time, and so does
//   the
//     gradient to it, which is the pool's, spread out;
//   * operations that nothing reads, and convolutions of zero, are left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mote/backends/native/layout.h"
#include "mote/graph/network.h"

namespace mote::native {

// Each fusion can be switched off, for tests and for measuring what it brings.
struct PlanOptions {
  bool winograd = true;          // F(4x4, 3x3) where sides are multiples of 4
  bool merge_convs = true;       // convolutions that read the same value become one
  bool relu_on_load = true;      // else ReLU makes a value of its own
  bool sum_on_store = true;      // else every term of a sum is a value before it is added
  bool pool_on_store = true;     // else a sum that is only pooled is kept whole
  bool norm_on_load = true;      // else a value that is one normalised result is made
  bool norm_after_pool = true;   // else results are normalised before they are averaged
  bool share_blocks = true;      // else every value goes over the whole batch on its own
  bool poison = false;           // fresh memory holds NaN: whoever reads what nobody wrote shows
  bool moments_on_store = true;  // else batch normalisation reads what it normalises once more
};

enum class ValueKind {
  kImages,      // the batch, as convolutions read it
  kLoaded,      // the batch as a value, for everything else
  kSum,         // of normalised or plain convolution results, values and 3x3 pools; of none: zero
  kActivation,  // of `src`
  kPool,        // averages of `src` over windows
};

// Indices are into the arrays of Plan; -1: none.
struct Value {
  ValueKind kind = ValueKind::kSum;
  std::string name = {};  // of the operation whose result it is
  Shape shape = {};

  // kSum
  std::vector<int> norms = {};  // normalised results added
  std::vector<int> convs = {};  // plain convolution results added
  std::vector<int> skips = {};  // values added
  std::vector<int> pools = {};  // values whose 3x3 pools are added

  // kActivation, kPool
  int src = -1;
  OpKind activation = OpKind::kRelu;
  int window_height = 1;
  int window_width = 1;

  // kSum: the pool that alone reads it, if that makes it pass by pass.
  int folded_into = -1;
  // kSum: false if it is the one of `norms` and no memory holds it: its readers normalise.
  bool stored = true;

  // Whether it is read or written in another of Plan::segments than its own.
  bool leaves_segment = false;

  // Who reads it.
  std::vector<int> groups = {};         // convolutions
  std::vector<int> skip_readers = {};   // values, once for each time they add it
  std::vector<int> pool_readers = {};   // likewise
  std::vector<int> value_readers = {};  // activations and pools
  std::vector<int> norm_readers = {};   // normalisations of the value itself
};

// Which copies of a value's block its convolutions need.
struct SourceNeeds {
  bool relu = false;   // of max(x, 0)
  bool plain = false;  // of x
  int border = 0;      // pixels of zeros around each image, in both
};

// Values begin, begin + 1, ..., end - 1.
struct Phase {
  int begin = 0;
  int end = 0;

  bool operator==(const Phase&) const = default;
};

enum class ConvMethod { kDirect, kWinograd };

// Convolutions that run as one: they read the same value with the same geometry.
struct ConvGroup {
  int src = -1;       // value
  bool relu = false;  // reads max(src, 0)
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  ConvMethod method = ConvMethod::kDirect;
  int in_channels = 0;   // with padding
  int out_channels = 0;  // with padding, of each
  Shape out = {};        // of each
  std::vector<int> convs = {};
  // First float of [kernel^2][in_channels][convs x out_channels] in the flat arrays of weights.
  std::int64_t weights = -1;

  int columns() const { return int(convs.size()) * out_channels; }
  std::int64_t weight_count() const {
    return std::int64_t(kernel) * kernel * in_channels * columns();
  }
};

struct Conv {
  std::string name = {};
  int group = -1;
  int position = 0;  // in its group
  int norm = -1;     // -1: its plain result is added to `reader`
  int reader = -1;   // the value that adds it
  bool leaves_segment = false;
  int parameter = -1;  // of the network
};

struct Norm {
  std::string name = {};
  int conv = -1;  // what it normalises: a convolution's result
  int src = -1;   // or a value
  int reader = -1;
  int channels = 0;  // with padding
  Shape shape = {};  // of what it normalises
  // The windows over which the convolution's result is averaged before it is added to the reader.
  int pool_height = 1;
  int pool_width = 1;
  double epsilon = 0;
  double momentum = 0;
  std::int64_t gamma = -1;  // in the flat arrays of weights
  std::int64_t beta = -1;
  int gamma_parameter = -1;
  int beta_parameter = -1;

  bool pooled() const { return pool_height * pool_width > 1; }
};

// The last operation: linear, of a value of 1x1 pixels.
struct Head {
  int src = -1;
  int classes = 0;
  int channels = 0;          // with padding
  std::int64_t weight = -1;  // [classes][channels]
  std::int64_t bias = -1;
  int weight_parameter = -1;
  int bias_parameter = -1;
};

// A parameter that no path leads from to the logits: it is kept, and only decays.
struct UnreadParameter {
  int parameter = -1;
  std::int64_t offset = -1;
};

struct Plan {
  Layout layout;
  PlanOptions options;
  std::vector<Value> values;  // in the order in which they are made
  std::vector<ConvGroup> groups;
  std::vector<Conv> convs;
  std::vector<Norm> norms;
  Head head;
  std::vector<UnreadParameter> unread;
  // A block of images goes through all values of a phase before the next block does, so that what
  // one value leaves in the caches is there for the next. A normalisation by the batch's statistics
  // ends a phase: they are of all blocks. Each covers all values, the backward ones from the last
  // on.
  std::vector<Phase> forward_phases;
  std::vector<Phase> backward_phases;
  // Without statistics of the batch: values of one size. Only what leaves its segment is kept of
  // the whole batch.
  std::vector<Phase> segments;
  // Floats of the flat arrays of weights, a multiple of 16.
  std::int64_t weight_count = 0;
};

}  // namespace mote::native
