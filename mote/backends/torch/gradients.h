// Gradients of a plan's values on their way back. For files of this folder only.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>
#include <vector>

#include "mote/backends/torch/plan.h"

namespace mote::torch_backend {

// Who owns the tensor may write over it.
struct Flow {
  at::Tensor tensor;
  bool owned = false;
};

// What the readers of each node have given back so far.
class Gradients {
 public:
  explicit Gradients(const Plan& plan) : plan_(plan), sums_(plan.nodes.size()) {}

  // Forgets everything.
  void Clear() { sums_.assign(sums_.size(), {}); }

  bool Wants(const Operand& src) const { return plan_.nodes[src.node].needs_gradient; }

  // Adds to what is known of the operand's gradient.
  void Give(const Operand& to, Flow gradient);
  // The same gradient to each addend of a sum.
  void GiveToAll(const std::vector<Operand>& addends, const Flow& gradient);

  // The sum of all that was given to a node; it is then forgotten.
  Flow Take(int node) { return std::exchange(sums_[node], {}).flow; }

 private:
  struct Sum {
    Flow flow;
    std::vector<bool> written;  // slices that hold something
  };

  void GiveToSlice(const Operand& to, const at::Tensor& gradient);

  const Plan& plan_;
  std::vector<Sum> sums_;  // by node
};

}  // namespace mote::torch_backend
