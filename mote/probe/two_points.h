// A search space of two architectures, for tests of probes.
#pragma once

#include <string>
#include <vector>

#include "mote/space/search_space.h"

namespace mote {

// "sees": one linear layer on the mean pixel; "blind": one that ignores the image.
class TwoPoints : public SearchSpace {
 public:
  std::string_view name() const override { return "two"; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view text) const override { return Make({text == "sees"}); }
  Architecture Make(std::vector<int> decisions) const override {
    const std::string text = decisions[0] ? "sees" : "blind";
    return {"two", std::move(decisions), text};
  }
  bool IsConnected(const Architecture& a) const override { return a.decisions()[0] == 1; }
  LiveEdges CountLiveEdges(const Architecture&) const override { return {}; }
  bool HasDanglingEdges(const Architecture&) const override { return false; }
  Architecture Canonicalize(const Architecture& a) const override { return a; }
  Network Build(const Architecture& a, const Skeleton&, const Task& task,
                BuildForm) const override {
    NetworkBuilder builder({3, task.height, task.width});
    const int from = IsConnected(a) ? 0 : builder.Zero("zero", {3, task.height, task.width});
    builder.Linear("head", builder.GlobalAvgPool("gap", from), task.classes);
    return builder.Finish();
  }
  std::string Draw(const Architecture&) const override { return ""; }

 private:
  std::vector<Choice> choices_ = {{"sight", {"blind", "sees"}}};
};

}  // namespace mote
