// Spaces for tests.
#pragma once

#include <memory>
#include <utility>

#include "mote/space/search_space.h"

namespace mote {

MOTE_SPACE(nasbench201);

inline std::unique_ptr<SearchSpace> MakeNasBench201() {
  SpaceRegistry registry("space");
  RegisterSpace_nasbench201(registry);
  return registry.Create("nasbench201", {});
}

// Choices of given sizes and nothing else.
class FakeSpace : public SearchSpace {
 public:
  explicit FakeSpace(const std::vector<int>& options) {
    for (int count : options) {
      choices_.push_back({"place " + std::to_string(choices_.size()), {}});
      for (int i = 0; i < count; ++i) choices_.back().options.push_back(std::to_string(i));
    }
  }

  std::string_view name() const override { return "fake"; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view) const override { return Make({}); }
  Architecture Make(std::vector<int> decisions) const override {
    std::string text;
    for (int decision : decisions) text += std::to_string(decision) + ".";
    return Architecture("fake", std::move(decisions), std::move(text));
  }
  bool IsConnected(const Architecture&) const override { return true; }
  LiveEdges CountLiveEdges(const Architecture&) const override { return {}; }
  bool HasDanglingEdges(const Architecture&) const override { return false; }
  Architecture Canonicalize(const Architecture& architecture) const override {
    return architecture;
  }
  Network Build(const Architecture&, const Skeleton&, const Task&, BuildForm) const override {
    return {};
  }
  std::string Draw(const Architecture&) const override { return ""; }

 private:
  std::vector<Choice> choices_;
};

}  // namespace mote
