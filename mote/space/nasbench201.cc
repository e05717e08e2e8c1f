// The space of NAS-Bench-201 (Dong & Yang, "NAS-Bench-201: Extending the Scope of Reproducible
// Neural Architecture Search", ICLR 2020): cells of four nodes, five operations on each of the six
// edges.
#include "mote/space/nasbench201.h"

#include <fmt/format.h>

#include <memory>
#include <unordered_map>

#include "mote/space/nasbench201_network.h"
#include "mote/space/nasbench201_supernet.h"

namespace mote {
namespace {

using nasbench201::Cell;
using nasbench201::CellOf;
using nasbench201::OperationSets;
using nasbench201::SetsOf;

// By index of an architecture: the index of its class's first member. No rule is known that finds
// it from the form, so all cells are walked once, some tens of milliseconds.
std::vector<int> MakeRepresentatives(const SearchSpace& space) {
  std::vector<int> representatives(space.size());
  std::unordered_map<std::string, int> first;
  for (int index = 0; index < int(space.size()); ++index) {
    const Cell cell = CellOf(space.At(index));
    const LiveEdges live = nasbench201::CountLive(SetsOf(cell));
    std::string key =
        fmt::format("{} {} {}", live.conv_1x1, live.conv_3x3, nasbench201::Form(cell));
    representatives[index] = first.emplace(std::move(key), index).first->second;
  }
  return representatives;
}

class NasBench201 : public SearchSpace {
 public:
  NasBench201() {
    for (const auto& [target, source] : nasbench201::kEdgeList) {
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
    return nasbench201::CountLive(SetsOf(CellOf(architecture)));
  }
  bool HasDanglingEdges(const Architecture& architecture) const override {
    return nasbench201::HasDangling(SetsOf(CellOf(architecture)));
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
    OperationSets cell =
        SetsOf(CellOf(form == BuildForm::kCanonical ? Canonicalize(architecture) : architecture));
    if (form != BuildForm::kFull) cell = nasbench201::LivePart(cell);
    return nasbench201::BuildNetwork(cell, nasbench201::Naming::kByEdge, skeleton, task);
  }

  const SearchSpace* supernet() const override { return supernet_.get(); }

  std::string Draw(const Architecture& architecture) const override {
    return nasbench201::Draw(CellOf(architecture));
  }

 private:
  static Architecture FromCell(const Cell& cell) {
    return Architecture(std::string(nasbench201::kSpaceName), nasbench201::DecisionsOf(cell),
                        nasbench201::ToText(cell));
  }

  std::vector<Choice> choices_;
  const std::unique_ptr<const SearchSpace> supernet_ = MakeNasBench201Supernet();
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
