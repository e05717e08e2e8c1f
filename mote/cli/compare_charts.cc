#include "mote/cli/compare_charts.h"

#include <fmt/format.h>

#include <algorithm>

namespace mote::cli {
namespace {

// A logarithmic axis has no place for what costs nothing, nor for what cannot be improved.
constexpr double kLeastSeconds = 0.1;
constexpr double kLeastRegret = 0.05;  // percentage points; two trainings of a cell differ by more

}  // namespace

ScatterChart CostChart(const std::vector<MethodResult>& results,
                       const std::vector<std::string>& targets, const std::string& protocol) {
  ScatterChart chart{
      .text = {.title = "What is found, and what it costs",
               .caption = protocol + " Printed: the MOTE-NAS paper's figures, on its machine."},
      .panels = {},
      .shared_y = false};
  for (std::size_t t = 0; t < targets.size(); ++t) {
    ScatterPanel panel{
        .title = targets[t],
        .x_label = "search cost, seconds",
        .y_label = "test accuracy, %",
        .series = {{.name = "measured here", .points = {}}, {.name = "printed", .points = {}}},
        .log_x = true,
        .front = true};
    for (const MethodResult& result : results) {
      if (result.ended() == 0) continue;
      const std::string& name = result.method->name;
      panel.series[0].points.push_back({.x = std::max(kLeastSeconds, result.Cost(t).mean),
                                        .y = result.Accuracy(t).mean,
                                        .name = name});
      const auto printed = PrintedFor(*result.method, targets[t]);
      if (!printed || !printed->seconds) continue;
      panel.series[1].points.push_back(
          {.x = *printed->seconds, .y = printed->accuracy, .name = name});
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

LineChart RegretChart(const std::vector<MethodResult>& results, const std::vector<double>& best,
                      const std::vector<std::string>& shown,
                      const std::vector<std::string>& targets, const std::string& protocol) {
  LineChart chart{.text = {.title = "How far the best so far is from the best there is",
                           .caption = fmt::format(
                               "Means over runs; bands from the 10 % to the 90 % quantile; below "
                               "{} points everything stands there. {}",
                               kLeastRegret, protocol)},
                  .panels = {},
                  .shared_y = false,
                  .log_y = true};
  for (std::size_t t = 0; t < targets.size(); ++t) {
    LinePanel panel{.title = targets[t],
                    .x_label = "search cost, seconds",
                    .y_label = "regret, percentage points",
                    .series = {},
                    .log_x = true};
    const auto regret = [&](double accuracy) {
      return std::max(kLeastRegret, 100 * (best[t] - accuracy));
    };
    for (const MethodResult& result : results) {
      if (std::find(shown.begin(), shown.end(), result.method->name) == shown.end()) continue;
      const MethodCurve curve = CurveOf(result.runs, t);
      LineSeries series{.name = result.method->name, .x = curve.seconds, .y = {}};
      for (std::size_t i = 0; i < curve.seconds.size(); ++i) {
        series.y.push_back(regret(curve.mean[i]));
        series.low.push_back(regret(curve.high[i]));
        series.high.push_back(regret(curve.low[i]));
      }
      panel.series.push_back(std::move(series));
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

ScatterChart RankChart(const std::vector<RankedEstimate>& estimates,
                       const std::vector<double>& true_ranks, const std::string& target,
                       const std::string& caption) {
  ScatterChart chart{.text = {.title = "Ranks by estimate against true ranks", .caption = caption},
                     .panels = {}};
  for (const RankedEstimate& estimate : estimates) {
    ScatterPanel panel{.title = estimate.tau
                                    ? fmt::format("{}: tau {:.3f}", estimate.name, *estimate.tau)
                                    : estimate.name + ": no tau",
                       .x_label = "rank by " + estimate.name,
                       .y_label = "rank by " + target,
                       .series = {{.name = "cells", .points = {}}}};
    for (std::size_t i = 0; i < true_ranks.size(); ++i) {
      panel.series[0].points.push_back({.x = estimate.ranks[i], .y = true_ranks[i]});
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

}  // namespace mote::cli
