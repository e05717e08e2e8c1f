#include "mote/run/method.h"

#include <fmt/format.h>

#include "mote/base/error.h"

namespace mote {
namespace {

// MOTE-NAS as its paper's text has it: 10 + k iterations, the best 10 % as parents.
Method MoteNas(int judged, PrintedResult printed) {
  Method method{.name = judged > 0 ? fmt::format("mote-nas-k{}", judged) : "mote-nas-ef",
                .summary = judged > 0 ? fmt::format("MOTE-NAS, the best {} judged", judged)
                                      : "MOTE-NAS without any evaluation, 10 iterations",
                .strategy = "mote-nas"};
  method.set = {fmt::format("mote-nas.iterations={}", 10 + judged), "mote-nas.parents=0.1"};
  method.finals.judged = judged;
  method.printed = printed;
  return method;
}

// Score a random sample, judge its best.
Method BestOfSample(const std::string& name, const std::string& summary,
                    const std::string& estimator, int samples, int judged) {
  Method method{.name = name, .summary = summary, .strategy = "random"};
  method.set = {fmt::format("random.samples={}", samples)};
  method.estimators = {estimator};
  method.finals.judged = judged;
  return method;
}

// The largest networks, judged: what nearly every published search fails to beat.
Method Largest(const std::string& estimator) {
  Method method{.name = "top-" + estimator,
                .summary = fmt::format("the 30 networks with the most {}, judged", estimator),
                .strategy = "exhaustive"};
  method.estimators = {estimator};
  method.finals.judged = 30;
  return method;
}

Method ByAccuracy(const std::string& strategy, const std::string& summary,
                  const std::string& option) {
  Method method{.name = strategy, .summary = summary, .strategy = strategy};
  method.set = {strategy + "." + option + "=100"};
  method.estimators = {"macs"};
  method.purpose = Purpose::kJudge;
  return method;
}

// The small presets, which contradict each other enough to judge each other. MOTE has the time of
// the convolutions in its speed term, so counts of them add nothing (docs/measurements.md).
Method CoarseToFine(const std::string& name, const std::string& summary, int networks,
                    double errors) {
  Method method{.name = name, .summary = summary, .strategy = "mote-nas-c2f"};
  method.set = {fmt::format("mote-nas-c2f.networks={}", networks),
                fmt::format("mote-nas-c2f.errors={}", errors)};
  method.estimators = {"mote", "mote@wide", "mote@noise", "mote@two-scale"};
  return method;
}

// Every class by counts of its operations; nothing is trained. The skip from the cell's input to
// its output was found by looking at this benchmark's accuracies.
Method StructureAlone() {
  Method method{.name = "structure-skip",
                .summary =
                    "counts of convolutions, weights and the skip 0->3; nothing is trained, "
                    "and the skip is knowledge of this benchmark",
                .strategy = "mote-nas-c2f"};
  method.set = {"mote-nas-c2f.structure=3"};
  method.estimators = {"conv-edges", "live-weights", "direct-skip"};
  return method;
}

std::vector<Method> AllMethods() {
  constexpr int kTenMinutes = 14000, kHour = 84000;  // trainings, on two cores
  std::vector<Method> methods = {
      MoteNas(0, {{93.54, 71.59, 44.73}, {500, 600, 600}}),
      MoteNas(5, {{93.97, 71.89, 46.10}, {2200, 2400, 5800}}),
      MoteNas(10, {{94.15, 72.54, 46.38}, {4200, 4300, 11300}}),
      MoteNas(20, {{94.32, 72.81, 46.34}, {8500, 8500, 22700}}),
      BestOfSample("knas-k20",
                   "K-NAS: 300 random cells by their gradient's Gram matrix, the best "
                   "20 judged (there: after 20 epochs)",
                   "knas", 300, 20),
      BestOfSample("knas-k40", "K-NAS, the best 40 judged", "knas", 300, 40),
      BestOfSample("eigen-nas-k20",
                   "Eigen-NAS: 300 random cells by the least eigenvalue of their "
                   "kernel, the best 20 judged",
                   "eigen-nas", 300, 20),
      BestOfSample("naswot", "NASWOT: the best of 100 random cells", "naswot", 100, 0),
      BestOfSample("rs-lga", "random search by label-gradient alignment, the best 10 of 100 judged",
                   "lga", 100, 10),
      {.name = "rea-lga",
       .summary = "regularized evolution by label-gradient alignment, the best 10 of 100 judged",
       .strategy = "regularized-evolution",
       .set = {"regularized-evolution.evaluations=100"},
       .estimators = {"lga"},
       .finals = {.finalists = 0, .replicates = 1, .judged = 10},
       .printed = PrintedResult{{94.30, 72.42, 45.30}}},
      ByAccuracy("random", "100 random cells, all evaluated", "samples"),
      ByAccuracy("regularized-evolution", "evolution over 100 true evaluations", "evaluations"),
      ByAccuracy("local-search", "climbing over 100 true evaluations", "evaluations"),
      {.name = "te-nas",
       .summary = "TE-NAS: a supernet pruned by the condition of its kernel and its linear regions",
       .strategy = "te-nas",
       // The strategy averages over draws of weights.
       .set = {"ntk-condition.repeats=1", "linear-regions.repeats=1"},
       .estimators = {"ntk-condition", "linear-regions"},
       .printed = PrintedResult{{93.90, 71.24, 42.38}}},
      {.name = "successive-halving",
       .summary = "270 random cells by 5 epochs, a third of them by 20, the best 10 judged",
       .strategy = "successive-halving",
       .estimators = {"mote@faster", "mote"},
       .finals = {.finalists = 0, .replicates = 1, .judged = 10}},
      Largest("macs"),
      Largest("live-weights"),
      StructureAlone(),
      CoarseToFine("mote-nas-c2f", "coarse to fine without any evaluation, ten minutes",
                   kTenMinutes, 2),
  };
  Method sure = CoarseToFine("mote-nas-c2f-60",
                             "coarse to fine without any evaluation, until the best is sure, "
                             "about an hour at most",
                             kHour, 4);
  sure.set.push_back("mote-nas-c2f.decide=true");
  methods.push_back(std::move(sure));
  Method judged = CoarseToFine("mote-nas-c2f-k10",
                               "coarse to fine, the best 10 judged; accuracy joined with the score",
                               kTenMinutes, 2);
  judged.finals = {.finalists = 0, .replicates = 1, .judged = 10, .joined = true};
  methods.push_back(std::move(judged));
  const auto print = [&](const std::string& name, PrintedResult printed) {
    for (Method& method : methods) {
      if (method.name == name) method.printed = printed;
    }
  };
  print("knas-k20", {{93.38, 70.78, 44.63}, {4400, std::nullopt, std::nullopt}});
  print("knas-k40", {{93.43, 71.05, 45.05}});
  print("eigen-nas-k20", {{93.46, 71.42, 45.53}});
  print("naswot", {{92.96, 70.03, 44.43}});
  print("rs-lga", {{94.05, 71.56, 46.30}});
  return methods;
}

}  // namespace

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = AllMethods();
  return methods;
}

const Method& FindMethod(const std::string& name) {
  std::vector<std::string> names;
  for (const Method& method : Methods()) {
    if (method.name == name) return method;
    names.push_back(method.name);
  }
  Throw(ErrorCode::kInvalidArgument, "there is no method '{}'; there is {}", name, ListOr(names));
}

}  // namespace mote
