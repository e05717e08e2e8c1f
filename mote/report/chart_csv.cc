// The long form of every kind of chart.
#include <fmt/format.h>

#include "mote/report/chart.h"
#include "mote/report/chart_front.h"

namespace mote {
namespace {

std::string Quoted(const std::string& text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string::npos &&
                     (text.empty() || (text.front() != ' ' && text.front() != '\t' &&
                                       text.back() != ' ' && text.back() != '\t'));
  if (plain) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + '"';
}

// fmt writes the shortest digits that round-trip and never asks the locale.
std::string Exact(double value) { return fmt::format("{}", value); }
std::string ExactAt(const std::vector<double>& values, std::size_t i) {
  return values.empty() ? "" : Exact(values[i]);
}

std::string Csv(const LineChart& chart) {
  std::string csv = "panel,series,x,y,low,high\n";
  for (const LinePanel& panel : chart.panels) {
    for (const LineSeries& series : panel.series) {
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        csv += fmt::format("{},{},{},{},{},{}\n", Quoted(panel.title), Quoted(series.name),
                           Exact(series.x[i]), Exact(series.y[i]), ExactAt(series.low, i),
                           ExactAt(series.high, i));
      }
    }
  }
  return csv;
}

std::string Csv(const BarChart& chart) {
  std::string csv = "group,series,value,low,high\n";
  for (std::size_t group = 0; group < chart.groups.size(); ++group) {
    for (const BarSeries& series : chart.series) {
      csv += fmt::format("{},{},{},{},{}\n", Quoted(chart.groups[group]), Quoted(series.name),
                         Exact(series.values[group]), ExactAt(series.low, group),
                         ExactAt(series.high, group));
    }
  }
  return csv;
}

std::string Csv(const ScatterChart& chart) {
  std::string csv = "panel,series,name,x,y,front\n";
  for (const ScatterPanel& panel : chart.panels) {
    const auto front = FrontMembers(panel);
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
      const ScatterSeries& series = panel.series[s];
      for (std::size_t i = 0; i < series.points.size(); ++i) {
        const ScatterPoint& point = series.points[i];
        csv += fmt::format("{},{},{},{},{},{}\n", Quoted(panel.title), Quoted(series.name),
                           Quoted(point.name), Exact(point.x), Exact(point.y),
                           !panel.front  ? ""
                           : front[s][i] ? "1"
                                         : "0");
      }
    }
  }
  return csv;
}

std::string Csv(const SurfaceChart& chart) {
  std::string csv = "map,part,u,v,value\n";
  for (const SurfaceMap& map : chart.maps) {
    for (std::size_t row = 0; row < map.v.size(); ++row) {
      for (std::size_t column = 0; column < map.u.size(); ++column) {
        csv += fmt::format("{},surface,{},{},{}\n", Quoted(map.title), Exact(map.u[column]),
                           Exact(map.v[row]), Exact(map.values[row * map.u.size() + column]));
      }
    }
    for (std::size_t i = 0; i < map.path_u.size(); ++i) {
      csv += fmt::format("{},path,{},{},\n", Quoted(map.title), Exact(map.path_u[i]),
                         Exact(map.path_v[i]));
    }
  }
  return csv;
}

}  // namespace

std::string ChartCsv(const Chart& chart) {
  return std::visit([](const auto& kind) { return Csv(kind); }, chart);
}

}  // namespace mote
