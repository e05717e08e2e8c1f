// For tests: a space of binary decisions, and evaluations by formula. Not part of the library.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "mote/base/check.h"
#include "mote/search/strategy.h"

namespace mote {

// 2^bits architectures, written as their bits: "0110". The first bit is idle: architectures that
// differ in it alone build the same network. "0000" is disconnected.
class FakeSpace final : public SearchSpace {
 public:
  explicit FakeSpace(int bits = 4) {
    for (int i = 0; i < bits; ++i) choices_.push_back({"bit " + std::to_string(i), {"0", "1"}});
  }

  std::string_view name() const override { return "fake"; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view text) const override {
    std::vector<int> decisions;
    for (const char bit : text) decisions.push_back(bit - '0');
    return Make(std::move(decisions));
  }
  Architecture Make(std::vector<int> decisions) const override {
    MOTE_CHECK(decisions.size() == choices_.size());
    std::string text;
    for (const int decision : decisions) text += char('0' + decision);
    return Architecture("fake", std::move(decisions), std::move(text));
  }
  bool IsConnected(const Architecture& architecture) const override {
    return architecture.text().find('1') != std::string::npos;
  }
  LiveEdges CountLiveEdges(const Architecture&) const override { return {}; }
  bool HasDanglingEdges(const Architecture&) const override { return false; }
  Architecture Canonicalize(const Architecture& architecture) const override {
    std::vector<int> decisions = architecture.decisions();
    decisions[0] = 0;
    return Make(std::move(decisions));
  }
  Network Build(const Architecture&, const Skeleton&, const Task&, BuildForm) const override {
    return {};
  }
  std::string Draw(const Architecture& architecture) const override { return architecture.text(); }

 private:
  std::vector<Choice> choices_;
};

using Formula = std::function<Outcome<double>(const Request&)>;

inline std::vector<Evaluation> Evaluate(const std::vector<Request>& requests,
                                        const Formula& formula) {
  std::vector<Evaluation> evaluations;
  for (const Request& request : requests) evaluations.push_back({request, formula(request)});
  return evaluations;
}

// Asks and tells to the end; all generations, in order.
inline std::vector<std::vector<Request>> RunToEnd(SearchStrategy& strategy,
                                                  const Formula& formula) {
  std::vector<std::vector<Request>> generations;
  for (;;) {
    std::vector<Request> requests = strategy.Ask();
    if (requests.empty()) return generations;
    strategy.Tell(Evaluate(requests, formula));
    generations.push_back(std::move(requests));
    MOTE_CHECK(generations.size() < 1'000'000, "the search does not end");
  }
}

// The decisions read as a binary number: all utilities differ, but for the idle bit.
inline Outcome<double> BitsAsNumber(const Request& request) {
  const std::vector<int>& bits = request.architecture.decisions();
  double number = 0;
  for (std::size_t i = 1; i < bits.size(); ++i) number = 2 * number + bits[i];
  return number;
}

inline bool AllFeasible(const Architecture&) { return true; }

}  // namespace mote
