#include "mote/cli/compare_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mote::cli {
namespace {

double Percent(double accuracy) { return 100 * accuracy; }

std::string DatasetOf(const std::string& target) { return target.substr(0, target.find('_')); }

// Of the columns of a printed figure.
std::optional<std::size_t> PrintedColumn(const std::string& target) {
  const std::string dataset = DatasetOf(target);
  if (dataset == "cifar10") return 0;
  if (dataset == "cifar100") return 1;
  if (dataset == "imagenet16-120") return 2;
  return std::nullopt;
}

}  // namespace

int MethodResult::ended() const {
  return int(std::count_if(runs.begin(), runs.end(),
                           [](const MethodRun& run) { return run.failure.empty(); }));
}

Spread MethodResult::Accuracy(std::size_t target) const {
  return SpreadOf(runs,
                  [=](const MethodRun& run) { return Percent(run.leads.back().truths[target]); });
}

Spread MethodResult::Cost(std::size_t target) const {
  return SpreadOf(runs, [=](const MethodRun& run) { return run.cost(target); });
}

std::optional<PrintedFigure> PrintedFor(const Method& method, const std::string& target) {
  const auto column = PrintedColumn(target);
  if (!method.printed || !column) return std::nullopt;
  return PrintedFigure{method.printed->accuracy[*column], method.printed->seconds[*column]};
}

ResultTable SummaryOf(const std::vector<MethodResult>& results,
                      const std::vector<std::string>& targets) {
  std::vector<Column> columns = {{.name = "method"}, {.name = "runs"}};
  for (const std::string& target : targets) {
    columns.push_back({.name = target, .unit = "%", .precision = 2, .best = Best::kHighest});
    columns.push_back({.name = target + "_sd", .header = "sd", .precision = 2});
    columns.push_back(
        {.name = target + "_sd_score_seed", .header = "sd of score seeds", .precision = 2});
    columns.push_back({.name = target + "_least", .header = "least", .precision = 2});
    columns.push_back({.name = target + "_seconds", .header = "cost", .unit = "s", .precision = 0});
    columns.push_back(
        {.name = target + "_final_seconds", .header = "final", .unit = "s", .precision = 0});
    columns.push_back({.name = target + "_printed", .header = "printed", .precision = 2});
    columns.push_back(
        {.name = target + "_printed_seconds", .header = "its cost", .unit = "s", .precision = 0});
  }
  columns.push_back({.name = "scored", .precision = 0});
  columns.push_back({.name = "judged", .precision = 0});
  columns.push_back({.name = "score_seconds", .header = "scoring", .unit = "s", .precision = 0});
  ResultTable table(columns);
  for (const MethodResult& result : results) {
    std::vector<Cell> row = {result.method->name, std::int64_t(result.ended())};
    if (result.ended() == 0) {
      row.resize(columns.size());
      table.AddRow(row);
      continue;
    }
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const Spread accuracy = result.Accuracy(t);
      double least = HUGE_VAL;
      for (const MethodRun& run : result.runs) {
        if (run.failure.empty()) least = std::min(least, Percent(run.leads.back().truths[t]));
      }
      row.emplace_back(accuracy.mean);
      row.emplace_back(accuracy.sd);
      row.emplace_back(accuracy.sd_score_seed);
      row.emplace_back(least);
      row.emplace_back(result.Cost(t).mean);
      row.emplace_back(
          SpreadOf(result.runs, [=](const MethodRun& run) { return run.final_seconds[t]; }).mean);
      const auto printed = PrintedFor(*result.method, targets[t]);
      row.push_back(printed ? Cell(printed->accuracy) : Cell());
      row.push_back(printed ? CellOf(printed->seconds) : Cell());
    }
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) { return run.scored; }).mean);
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) { return run.judged; }).mean);
    row.emplace_back(SpreadOf(result.runs, [](const MethodRun& run) {
                       return run.leads.back().score_seconds;
                     }).mean);
    table.AddRow(std::move(row));
  }
  return table;
}

ResultTable RunsOf(const std::vector<MethodResult>& results,
                   const std::vector<std::string>& targets) {
  std::vector<Column> columns = {{.name = "method"}, {.name = "score_seed"},   {.name = "seed"},
                                 {.name = "stage"},  {.name = "winner"},       {.name = "scored"},
                                 {.name = "judged"}, {.name = "score_seconds"}};
  for (const std::string& target : targets) {
    columns.push_back({.name = target});
    columns.push_back({.name = target + "_seconds"});
  }
  ResultTable table(columns);
  for (const MethodResult& result : results) {
    for (const MethodRun& run : result.runs) {
      for (std::size_t i = 0; i < run.leads.size(); ++i) {
        const bool ends_stage =
            i + 1 == run.leads.size() || run.leads[i + 1].stage != run.leads[i].stage;
        if (!ends_stage) continue;
        const MethodLead& lead = run.leads[i];
        const bool is_last = i + 1 == run.leads.size();
        std::vector<Cell> row = {result.method->name,
                                 std::int64_t(run.score_seed),
                                 std::int64_t(run.seed),
                                 lead.stage,
                                 is_last ? Cell(run.winner) : Cell(),
                                 is_last ? Cell(std::int64_t(run.scored)) : Cell(),
                                 is_last ? Cell(std::int64_t(run.judged)) : Cell(),
                                 lead.score_seconds};
        for (std::size_t t = 0; t < targets.size(); ++t) {
          row.emplace_back(lead.truths[t]);
          row.emplace_back(lead.score_seconds + lead.judge_seconds[t]);
        }
        table.AddRow(std::move(row));
      }
    }
  }
  return table;
}

ResultTable CurvesOf(const std::vector<MethodResult>& results,
                     const std::vector<std::string>& targets) {
  ResultTable table({{.name = "method"},
                     {.name = "target"},
                     {.name = "seconds"},
                     {.name = "mean", .unit = "%"},
                     {.name = "low", .unit = "%"},
                     {.name = "high", .unit = "%"}});
  for (std::size_t t = 0; t < targets.size(); ++t) {
    for (const MethodResult& result : results) {
      const MethodCurve curve = CurveOf(result.runs, t);
      for (std::size_t i = 0; i < curve.seconds.size(); ++i) {
        table.AddRow({result.method->name, targets[t], curve.seconds[i], Percent(curve.mean[i]),
                      Percent(curve.low[i]), Percent(curve.high[i])});
      }
    }
  }
  return table;
}

std::string FindingsOf(const std::vector<MethodResult>& results,
                       const std::vector<std::string>& targets) {
  std::string text;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    std::vector<const MethodResult*> order;
    for (const MethodResult& result : results) {
      if (result.ended() > 0) order.push_back(&result);
    }
    std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
      return a->Accuracy(t).mean > b->Accuracy(t).mean;
    });
    text += targets[t] + ", best first:\n";
    for (const MethodResult* result : order) {
      const Spread accuracy = result->Accuracy(t);
      text += fmt::format("  {:<22}{:6.2f} +- {:.2f} % for {:.0f} s", result->method->name,
                          accuracy.mean, accuracy.sd, result->Cost(t).mean);
      if (const auto printed = PrintedFor(*result->method, targets[t])) {
        const double difference = accuracy.mean - printed->accuracy;
        text += fmt::format("; printed {:.2f} %, {:+.2f}{}", printed->accuracy, difference,
                            std::abs(difference) > accuracy.sd ? ", more than a deviation" : "");
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace mote::cli
