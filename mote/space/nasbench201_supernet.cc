#include "mote/space/nasbench201_supernet.h"

#include <fmt/format.h>

#include "mote/space/nasbench201_network.h"
#include "mote/space/nasbench201_sets.h"

namespace mote {
namespace {

using nasbench201::OperationSet;
using nasbench201::OperationSets;

class NasBench201Supernet : public SearchSpace {
 public:
  NasBench201Supernet() {
    std::vector<std::string> names;
    for (int bits = 0; bits < OperationSet::kSets; ++bits) {
      names.push_back(nasbench201::Name(OperationSet(bits)));
    }
    for (const auto& [target, source] : nasbench201::kEdgeList) {
      choices_.push_back({fmt::format("edge {}<-{}", target, source), names});
    }
  }

  std::string_view name() const override { return nasbench201::kSupernetName; }
  const std::vector<Choice>& choices() const override { return choices_; }

  Architecture Parse(std::string_view text) const override {
    return FromSets(nasbench201::ParseSets(text));
  }
  Architecture Make(std::vector<int> decisions) const override {
    return FromSets(nasbench201::SetsOf(decisions));
  }

  bool IsConnected(const Architecture& architecture) const override {
    // Some edge is live exactly if a path leads from input to output.
    return CountLiveEdges(architecture) != LiveEdges();
  }
  LiveEdges CountLiveEdges(const Architecture& architecture) const override {
    return nasbench201::CountLive(nasbench201::SetsOf(architecture));
  }
  bool HasDanglingEdges(const Architecture& architecture) const override {
    return nasbench201::HasDangling(nasbench201::SetsOf(architecture));
  }
  Architecture Canonicalize(const Architecture& architecture) const override {
    return architecture;
  }
  bool shares_weights() const override { return true; }

  Network Build(const Architecture& architecture, const Skeleton& skeleton, const Task& task,
                BuildForm form) const override {
    OperationSets cell = nasbench201::SetsOf(architecture);
    if (form != BuildForm::kFull) cell = nasbench201::LivePart(cell);
    return nasbench201::BuildNetwork(cell, nasbench201::Naming::kByOperation, skeleton, task);
  }

  std::string Draw(const Architecture& architecture) const override {
    return nasbench201::Draw(nasbench201::SetsOf(architecture));
  }

 private:
  static Architecture FromSets(const OperationSets& sets) {
    return Architecture(std::string(nasbench201::kSupernetName), nasbench201::DecisionsOf(sets),
                        nasbench201::ToText(sets));
  }

  std::vector<Choice> choices_;
};

}  // namespace

std::unique_ptr<SearchSpace> MakeNasBench201Supernet() {
  return std::make_unique<NasBench201Supernet>();
}

MOTE_SPACE(nasbench201_supernet) {
  registry.Add("nasbench201-supernet",
               "supernets of nasbench201: on each edge the mean of a set of operations, 16^6; what "
               "the strategy te-nas prunes",
               {}, [](const Options&) { return MakeNasBench201Supernet(); });
}

}  // namespace mote
