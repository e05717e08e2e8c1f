// For tests: spaces of digits, and evaluations by formula. Not part of the library.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "mote/base/check.h"
#include "mote/search/strategy.h"

namespace mote {

// Architectures written as the digits of their decisions: "203". `options` of each place, up to
// ten.
class DigitSpace : public SearchSpace {
 public:
  DigitSpace(std::string name, const std::vector<int>& options) : name_(std::move(name)) {
    for (const int count : options) {
      choices_.push_back({"place " + std::to_string(choices_.size()), {}});
      for (int i = 0; i < count; ++i) choices_.back().options.push_back(std::to_string(i));
    }
  }

  std::string_view name() const override { return name_; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view text) const override {
    std::vector<int> decisions;
    for (const char digit : text) decisions.push_back(digit - '0');
    return Make(std::move(decisions));
  }
  Architecture Make(std::vector<int> decisions) const override {
    MOTE_CHECK(decisions.size() == choices_.size());
    std::string text;
    for (const int decision : decisions) text += char('0' + decision);
    return Architecture(name_, std::move(decisions), std::move(text));
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
  std::string Draw(const Architecture& architecture) const override { return architecture.text(); }

 private:
  std::string name_;
  std::vector<Choice> choices_;
};

// 2^bits architectures, written as their bits: "0110". The first bit is idle: architectures that
// differ in it alone build the same network. "0000" is disconnected.
class FakeSpace final : public DigitSpace {
 public:
  explicit FakeSpace(int bits = 4) : DigitSpace("fake", std::vector<int>(std::size_t(bits), 2)) {}

  bool IsConnected(const Architecture& architecture) const override {
    return architecture.text().find('1') != std::string::npos;
  }
  Architecture Canonicalize(const Architecture& architecture) const override {
    std::vector<int> decisions = architecture.decisions();
    decisions[0] = 0;
    return Make(std::move(decisions));
  }
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
