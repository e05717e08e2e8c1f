// Whole ways of searching, as they are published: a strategy, what it goes by, and how the last few
// candidates are judged. Each is data; `mote search` and `mote compare` run them all alike.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mote/search/finals.h"

namespace mote {

// What the MOTE-NAS paper prints for a method on NAS-Bench-201: test accuracy after 200 epochs in
// percent and search cost in seconds, on CIFAR-10, CIFAR-100 and ImageNet16-120.
struct PrintedResult {
  std::array<double, 3> accuracy = {};
  std::array<std::optional<double>, 3> seconds = {};  // where printed
};

struct Method {
  std::string name;
  std::string summary;  // a line for people, with what differs from the publication
  std::string strategy;
  std::vector<std::string> set = {};  // component.option=value
  // The first is searched by. A method that goes by accuracy alone asks none of them.
  std::vector<std::string> estimators = {"mote"};
  Purpose purpose = Purpose::kScore;
  FinalsOptions finals = {.finalists = 0, .replicates = 1};
  std::optional<PrintedResult> printed = {};

  // Whether accuracies steer it: of all it evaluates, or of the last few.
  bool judges() const { return purpose == Purpose::kJudge || finals.judged > 0; }
};

// In the order in which tables show them.
const std::vector<Method>& Methods();

// Throws Error(kInvalidArgument) with all names.
const Method& FindMethod(const std::string& name);

}  // namespace mote
