// The space of NAS-Bench-201 (Dong & Yang, "NAS-Bench-201: Extending the Scope of Reproducible
// Neural Architecture Search", ICLR 2020): cells of four nodes, five operations on each of the six
// edges.
#include "mote/space/nasbench201.h"

#include <fmt/format.h>

#include <memory>
#include <unordered_map>

#include "mote/base/check.h"
#include "mote/space/assemble.h"
#include "mote/space/nasbench201_cell.h"
#include "mote/space/search_space.h"

namespace mote {
namespace {

using nasbench201::Cell;
using nasbench201::CellOf;
using nasbench201::kEdgeList;
using nasbench201::kEdges;
using nasbench201::kNodes;
using nasbench201::Operation;

LiveEdges CountLive(const Cell& cell) {
  const std::array<bool, kEdges> live = nasbench201::Liveness(cell);
  LiveEdges count;
  for (int e = 0; e < kEdges; ++e) {
    if (!live[e]) continue;
    count.skip += int(cell[e] == Operation::kSkip);
    count.conv_1x1 += int(cell[e] == Operation::kConv1x1);
    count.conv_3x3 += int(cell[e] == Operation::kConv3x3);
    count.pool += int(cell[e] == Operation::kPool);
  }
  return count;
}

// By index of an architecture: the index of its class's first member. No rule is known that finds
// it from the form, so all cells are walked once, some tens of milliseconds.
std::vector<int> MakeRepresentatives(const SearchSpace& space) {
  std::vector<int> representatives(space.size());
  std::unordered_map<std::string, int> first;
  for (int index = 0; index < int(space.size()); ++index) {
    const Cell cell = CellOf(space.At(index));
    const LiveEdges live = CountLive(cell);
    std::string key =
        fmt::format("{} {} {}", live.conv_1x1, live.conv_3x3, nasbench201::Form(cell));
    representatives[index] = first.emplace(std::move(key), index).first->second;
  }
  return representatives;
}

// Appends one cell to a network.
class CellWriter {
 public:
  CellWriter(NetworkBuilder& builder, const std::string& prefix, const Skeleton& skeleton)
      : builder_(builder), prefix_(prefix), skeleton_(skeleton) {}

  // Only the edges for which `keep` says so.
  int Write(const Cell& cell, const std::array<bool, kEdges>& keep, int src) {
    shape_ = builder_.shape(src);
    values_[0] = src;
    for (int target = 1; target < kNodes; ++target) {
      std::vector<int> terms;
      for (int e = 0; e < kEdges; ++e) {
        if (kEdgeList[e].target != target || !keep[e] || cell[e] == Operation::kNone) continue;
        terms.push_back(Apply(e, cell[e]));
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

  int Apply(int e, Operation operation) {
    const int src = Value(kEdgeList[e].source);
    const std::string name =
        fmt::format("{}edge{}-{}.", prefix_, kEdgeList[e].target, kEdgeList[e].source);
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
  Shape shape_;
  std::array<int, kNodes> values_ = {kEmpty, kEmpty, kEmpty, kEmpty};
};

class NasBench201 : public SearchSpace {
 public:
  NasBench201() {
    for (const auto& [target, source] : kEdgeList) {
      choices_.push_back(
          {fmt::format("edge {}<-{}", target, source),
           {nasbench201::kOperationNames.begin(), nasbench201::kOperationNames.end()}});
    }
  }

  std::string_view name() const override { return nasbench201::kSpaceName; }
  const std::vector<Choice>& choices() const override { return choices_; }

  Architecture Parse(std::string_view text) const override {
    return FromCell(nasbench201::Parse(text));
  }
  Architecture Make(std::vector<int> decisions) const override {
    return FromCell(CellOf(decisions));
  }

  bool IsConnected(const Architecture& architecture) const override {
    // Some edge is live exactly if a path leads from input to output.
    return CountLiveEdges(architecture) != LiveEdges();
  }
  LiveEdges CountLiveEdges(const Architecture& architecture) const override {
    return CountLive(CellOf(architecture));
  }
  bool HasDanglingEdges(const Architecture& architecture) const override {
    const Cell cell = CellOf(architecture);
    const std::array<bool, kEdges> live = nasbench201::Liveness(cell);
    for (int e = 0; e < kEdges; ++e) {
      if (cell[e] != Operation::kNone && !live[e]) return true;
    }
    return false;
  }

  Architecture Canonicalize(const Architecture& architecture) const override {
    static const std::vector<int> representatives = MakeRepresentatives(*this);
    return At(representatives[IndexOf(architecture)]);
  }

  std::string FormText(const Architecture& architecture) const override {
    return CanonicalForm(architecture);
  }

  Network Build(const Architecture& architecture, const Skeleton& skeleton, const Task& task,
                BuildForm form) const override {
    const Cell cell =
        CellOf(form == BuildForm::kCanonical ? Canonicalize(architecture) : architecture);
    std::array<bool, kEdges> keep;
    keep.fill(true);
    if (form != BuildForm::kFull) keep = nasbench201::Liveness(cell);
    return Assemble(skeleton, task,
                    [&](NetworkBuilder& builder, const std::string& prefix, int src) {
                      return CellWriter(builder, prefix, skeleton).Write(cell, keep, src);
                    });
  }

  std::string Draw(const Architecture& architecture) const override {
    return nasbench201::Draw(CellOf(architecture));
  }

 private:
  static Architecture FromCell(const Cell& cell) {
    return Architecture(std::string(nasbench201::kSpaceName), nasbench201::DecisionsOf(cell),
                        nasbench201::ToText(cell));
  }

  std::vector<Choice> choices_;
};

}  // namespace

std::string CanonicalForm(const Architecture& architecture) {
  return nasbench201::Form(CellOf(architecture));
}

MOTE_SPACE(nasbench201) {
  registry.Add("nasbench201",
               "cells of NAS-Bench-201: 4 nodes, 6 edges, 5 operations, 15,625 architectures", {},
               [](const Options&) { return std::make_unique<NasBench201>(); });
}

}  // namespace mote
