// A network rearranged for few calls into libtorch: plain data, no tensors.
//
// On small networks a call costs more in fixed parts (dispatch, choice of a oneDNN kernel) than in
// arithmetic, so the plan makes fewer and wider calls than the network has operations:
//   * operations that no path leads to the logits are left out;
//   * equal parameter-free operations on equal sources are computed once (the ReLUs of all edges
//     that leave one node);
//   * convolutions of one geometry that read the same value, each followed by a batch
//     normalisation alone, become one convolution and one normalisation over all their channels.
// All this depends on the network alone, so equal networks compute equal bits.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mote/graph/network.h"

namespace mote::torch_backend {

// What a node reads: the channels [begin, begin + channels) of another node's value.
struct Operand {
  int node = -1;
  int slice = 0;  // which of the node's slices this is
  int begin = 0;
  int channels = 0;
  bool whole = true;  // all channels: no slicing needed
};

struct Node {
  OpKind kind;
  std::vector<Operand> src;
  Shape shape;
  int slices = 1;  // number of network operations that were joined along the channels
  int kernel = 0;
  int stride = 1;
  int padding = 0;
  double epsilon = 0;
  double momentum = 0;
  // First elements in the flat vector of parameters: of the kernel [out, height, width, in], the
  // linear weight or gamma; and of the linear bias or beta. -1 if there is none.
  std::int64_t weight = -1;
  std::int64_t bias = -1;
  // First element in the flat vectors of running means and variances.
  std::int64_t statistics = -1;

  // Some parameter takes part in the value: a gradient must flow through.
  bool needs_gradient = false;
  // The result may be written over the first source, whose value nobody reads again.
  bool overwrites_src = false;
  // Nodes whose values are read here for the last time by a forward pass; and the part of them
  // that a backward pass does not need either.
  std::vector<int> last_read = {};
  std::vector<int> last_needed = {};
};

// Where one parameter of the network lies in the flat vector, and how.
struct ParameterPlace {
  std::int64_t offset = 0;  // in the plan's vector
  std::int64_t source = 0;  // in the network's vector
  std::array<int, 4> dims;  // as in the network: [out, in, height, width] for kernels
  bool channels_last = false;

  std::int64_t elements() const { return std::int64_t(dims[0]) * dims[1] * dims[2] * dims[3]; }
};

struct Plan {
  std::vector<Node> nodes;  // in topological order; the last one gives the logits
  std::vector<ParameterPlace> parameters;
  std::int64_t parameter_count = 0;
  std::int64_t statistics_count = 0;
};

Plan MakePlan(const Network& network);

// The indices [o][h][w][i] of the plan's vector against [o][i][h][w] of the network's: calls
// visit(index in the plan, index in the network) for every element.
template <typename Visit>
void ForEachElement(const ParameterPlace& place, Visit visit) {
  if (!place.channels_last) {
    for (std::int64_t i = 0; i < place.elements(); ++i) visit(place.offset + i, place.source + i);
    return;
  }
  const auto [out, in, height, width] = place.dims;
  std::int64_t source = place.source;
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i) {
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          visit(place.offset + ((std::int64_t(o) * height + y) * width + x) * in + i, source++);
        }
      }
    }
  }
}

}  // namespace mote::torch_backend
