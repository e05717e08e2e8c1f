#include "mote/space/nasbench201_sets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mote/base/check.h"

namespace mote::nasbench201 {
namespace {

constexpr std::array<std::string_view, kOperations> kShortNames = {"none", "skip", "1x1", "3x3",
                                                                   "pool"};

}  // namespace

OperationSet::OperationSet(int bits) : bits_(bits) {
  MOTE_CHECK(0 <= bits && bits < kSets, "no set of operations is {}", bits);
}

std::vector<Operation> OperationSet::operations() const {
  std::vector<Operation> operations;
  for (int o = 1; o < kOperations; ++o) {
    if (Has(Operation(o))) operations.push_back(Operation(o));
  }
  return operations;
}

OperationSets SetsOf(const Cell& cell) {
  OperationSets sets;
  for (int e = 0; e < kEdges; ++e) sets[e] = OperationSet(cell[e]);
  return sets;
}

OperationSets SetsOf(const std::vector<int>& decisions) {
  MOTE_CHECK(decisions.size() == kEdges, "{} decisions", decisions.size());
  OperationSets sets;
  for (int e = 0; e < kEdges; ++e) sets[e] = OperationSet(decisions[e]);
  return sets;
}

OperationSets SetsOf(const Architecture& architecture) {
  MOTE_CHECK(architecture.space() == kSupernetName, "{} is of space {}", architecture.text(),
             architecture.space());
  return SetsOf(architecture.decisions());
}

std::vector<int> DecisionsOf(const OperationSets& sets) {
  std::vector<int> decisions;
  for (const OperationSet set : sets) decisions.push_back(set.bits());
  return decisions;
}

std::string Name(OperationSet set) {
  if (set.empty()) return std::string(kOperationNames[int(Operation::kNone)]);
  std::vector<std::string_view> names;
  for (const Operation operation : set.operations()) {
    names.push_back(kOperationNames[int(operation)]);
  }
  return fmt::format("{}", fmt::join(names, ","));
}

std::string ToText(const OperationSets& sets) {
  EdgeWords words;
  for (int e = 0; e < kEdges; ++e) words[e] = Name(sets[e]);
  return ToText(words);
}

std::string Draw(const OperationSets& sets) {
  EdgeWords words;
  for (int e = 0; e < kEdges; ++e) {
    const std::vector<Operation> operations = sets[e].operations();
    if (operations.size() == 1) words[e] = Name(sets[e]);
    if (operations.size() < 2) continue;
    std::vector<std::string_view> names;
    for (const Operation operation : operations) names.push_back(kShortNames[int(operation)]);
    words[e] = fmt::format("{}", fmt::join(names, " "));
  }
  return Draw(words);
}

std::array<bool, kEdges> Liveness(const OperationSets& sets) {
  std::array<bool, kEdges> present;
  for (int e = 0; e < kEdges; ++e) present[e] = !sets[e].empty();
  return Liveness(present);
}

OperationSets LivePart(const OperationSets& sets) {
  const std::array<bool, kEdges> live = Liveness(sets);
  OperationSets part;
  for (int e = 0; e < kEdges; ++e) {
    if (live[e]) part[e] = sets[e];
  }
  return part;
}

bool HasDangling(const OperationSets& sets) {
  const std::array<bool, kEdges> live = Liveness(sets);
  for (int e = 0; e < kEdges; ++e) {
    if (!sets[e].empty() && !live[e]) return true;
  }
  return false;
}

LiveEdges CountLive(const OperationSets& sets) {
  LiveEdges count;
  for (const OperationSet set : LivePart(sets)) {
    count.skip += int(set.Has(Operation::kSkip));
    count.conv_1x1 += int(set.Has(Operation::kConv1x1));
    count.conv_3x3 += int(set.Has(Operation::kConv3x3));
    count.pool += int(set.Has(Operation::kPool));
  }
  return count;
}

}  // namespace mote::nasbench201
