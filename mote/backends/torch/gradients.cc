#include "mote/backends/torch/gradients.h"

#include <ATen/Functions.h>

#include "mote/backends/torch/tensor_ops.h"

namespace mote::torch_backend {

void Gradients::Give(const Operand& to, Flow gradient) {
  if (!Wants(to)) return;
  if (!to.whole) return GiveToSlice(to, gradient.tensor);
  Flow& sum = sums_[to.node].flow;
  if (!sum.tensor.defined()) {
    sum = std::move(gradient);
  } else if (sum.owned) {
    sum.tensor.add_(gradient.tensor);
  } else if (gradient.owned) {
    gradient.tensor.add_(sum.tensor);
    sum = std::move(gradient);
  } else {
    sum = {at::add(sum.tensor, gradient.tensor), true};
  }
}

void Gradients::GiveToSlice(const Operand& to, const at::Tensor& gradient) {
  Sum& sum = sums_[to.node];
  const Node& node = plan_.nodes[to.node];
  if (!sum.flow.tensor.defined()) {
    // Every slice is alive, so that each will be written.
    sum.flow = {EmptyLike(gradient, node.shape.channels, node.shape.height, node.shape.width),
                true};
    sum.written.assign(node.slices, false);
  }
  at::Tensor slice = sum.flow.tensor.narrow(1, to.begin, to.channels);
  if (sum.written[to.slice]) {
    slice.add_(gradient);
  } else {
    slice.copy_(gradient);
    sum.written[to.slice] = true;
  }
}

void Gradients::GiveToAll(const std::vector<Operand>& addends, const Flow& gradient) {
  // Slices copy what they are given. Whole addends share the tensor, so that it can change hands
  // only if there is one of them, after the slices.
  int sharing = 0;
  for (const Operand& addend : addends) {
    if (addend.whole && Wants(addend)) ++sharing;
    if (!addend.whole) Give(addend, {gradient.tensor, false});
  }
  for (const Operand& addend : addends) {
    if (addend.whole) Give(addend, {gradient.tensor, gradient.owned && sharing == 1});
  }
}

}  // namespace mote::torch_backend
