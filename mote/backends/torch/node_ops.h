// The two passes of a single node that has one source. For files of this folder only.
#pragma once

#include <ATen/core/Tensor.h>

#include "mote/backends/torch/batch_norm.h"
#include "mote/backends/torch/gradients.h"
#include "mote/backends/torch/plan.h"

namespace mote::torch_backend {

// Tensors of one node of the plan.
struct NodeState {
  // Views into the flat vectors.
  at::Tensor weight, bias, weight_gradient, bias_gradient;
  NormState norm;
  at::Tensor reciprocals;  // of box pooling
  at::Tensor value;        // of the pass in progress
};

// The node's value. `src` is written over where the plan says so; `feed` lets batch statistics into
// the running ones.
at::Tensor ForwardOp(const Node& node, at::Tensor src, Statistics statistics, bool feed,
                     NodeState& state);

// Fills the gradients of the node's parameters and returns that of its source, undefined if it is
// not wanted. `from` is the size of the source's images; `src` is undefined where the plan keeps no
// value because nothing else about it matters.
Flow BackwardOp(const Node& node, Flow gradient, const at::Tensor& src, const Shape& from,
                bool wanted, NodeState& state);

}  // namespace mote::torch_backend
