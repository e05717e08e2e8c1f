// What a comparison of methods has found, and the tables and words that say it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mote/cli/text_table.h"
#include "mote/run/method_study.h"

namespace mote::cli {

struct MethodResult {
  const Method* method = nullptr;
  std::vector<MethodRun> runs = {};

  // Runs that did not fail.
  int ended() const;
  // Over these: test accuracy in percent of what they found, and its cost in seconds without the
  // final training.
  Spread Accuracy(std::size_t target) const;
  Spread Cost(std::size_t target) const;
};

// What the paper prints for a method on the data set of a target, which the column's name begins
// with; nothing where it prints nothing. The seconds are those of its machine.
struct PrintedFigure {
  double accuracy = 0;  // percent
  std::optional<double> seconds = {};
};
std::optional<PrintedFigure> PrintedFor(const Method& method, const std::string& target);

// A row per method: accuracy and cost on each target, and what is printed.
ResultTable SummaryOf(const std::vector<MethodResult>& results,
                      const std::vector<std::string>& targets);

// A row per run and stage: what led at its end, and what it had cost until then. Failed runs have
// none.
ResultTable RunsOf(const std::vector<MethodResult>& results,
                   const std::vector<std::string>& targets);

// A row per method, target and cost: the accuracy in percent of the best so far (CurveOf).
ResultTable CurvesOf(const std::vector<MethodResult>& results,
                     const std::vector<std::string>& targets);

// A line for each method and target, best first: what it reached, for how much, and how that stands
// to the printed figure.
std::string FindingsOf(const std::vector<MethodResult>& results,
                       const std::vector<std::string>& targets);

}  // namespace mote::cli
