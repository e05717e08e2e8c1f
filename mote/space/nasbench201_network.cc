#include "mote/space/nasbench201_network.h"

#include <fmt/format.h>

#include "mote/base/check.h"

namespace mote::nasbench201 {
namespace {

// Appends one cell to a network.
class CellWriter {
 public:
  CellWriter(NetworkBuilder& builder, const std::string& prefix, const Skeleton& skeleton,
             Naming naming)
      : builder_(builder), prefix_(prefix), skeleton_(skeleton), naming_(naming) {}

  int Write(const OperationSets& cell, int src) {
    shape_ = builder_.shape(src);
    values_[0] = src;
    for (int target = 1; target < kNodes; ++target) {
      std::vector<int> terms;
      for (int e = 0; e < kEdges; ++e) {
        if (kEdgeList[e].target == target && !cell[e].empty()) terms.push_back(Edge(e, cell[e]));
      }
      if (terms.empty()) continue;
      values_[target] = builder_.Add(fmt::format("{}node{}", prefix_, target), std::move(terms));
    }
    return Value(kNodes - 1);
  }

 private:
  static constexpr int kEmpty = -1;

  // An empty node becomes a zero when something reads it.
  int Value(int node) {
    if (values_[node] == kEmpty) {
      values_[node] = builder_.Zero(fmt::format("{}node{}.zero", prefix_, node), shape_);
    }
    return values_[node];
  }

  int Edge(int e, OperationSet operations) {
    const std::string name =
        fmt::format("{}edge{}-{}.", prefix_, kEdgeList[e].target, kEdgeList[e].source);
    const int src = Value(kEdgeList[e].source);
    std::vector<int> values;
    for (const Operation operation : operations.operations()) {
      values.push_back(Apply(name, operation, src));
    }
    return builder_.Mean(name + "mean", std::move(values));
  }

  int Apply(const std::string& edge, Operation operation, int src) {
    std::string name = edge;
    if (naming_ == Naming::kByOperation) {
      name += fmt::format("{}.", kOperationNames[int(operation)]);
    }
    switch (operation) {
      case Operation::kSkip:
        return src;
      case Operation::kConv1x1:
        return Conv(name, src, 1);
      case Operation::kConv3x3:
        return Conv(name, src, 3);
      case Operation::kPool:
        return builder_.AvgPool(name + "pool", src, 3, 1, 1);
      case Operation::kNone:
        break;
    }
    MOTE_CHECK(false, "operation {}", int(operation));
  }

  int Conv(const std::string& name, int src, int kernel) {
    int at = builder_.Relu(name + "relu", src);
    at = builder_.Conv(name + "conv", at, shape_.channels, kernel, 1, kernel / 2,
                       skeleton_.cell_conv_bias);
    return builder_.BatchNorm(name + "bn", at, skeleton_.norm_epsilon, skeleton_.norm_momentum,
                              skeleton_.cell_norm_affine);
  }

  NetworkBuilder& builder_;
  const std::string& prefix_;
  const Skeleton& skeleton_;
  const Naming naming_;
  Shape shape_;
  std::array<int, kNodes> values_ = {kEmpty, kEmpty, kEmpty, kEmpty};
};

}  // namespace

Network BuildNetwork(const OperationSets& cell, Naming naming, const Skeleton& skeleton,
                     const Task& task) {
  return Assemble(skeleton, task, [&](NetworkBuilder& builder, const std::string& prefix, int src) {
    return CellWriter(builder, prefix, skeleton, naming).Write(cell, src);
  });
}

}  // namespace mote::nasbench201
