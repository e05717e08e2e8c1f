#include "mote/report/chart.h"

#include <fmt/format.h>

#include <cmath>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/report/chart_draw.h"
#include "mote/report/gnuplot.h"

namespace mote {
namespace {

// Lengths that fit together: all else would be read beyond its end.
void Check(const LineChart& chart) {
  for (const LinePanel& panel : chart.panels) {
    for (const LineSeries& series : panel.series) {
      MOTE_CHECK(series.x.size() == series.y.size(), "series {}", series.name);
      MOTE_CHECK(series.low.size() == series.high.size(), "series {}", series.name);
      MOTE_CHECK(series.low.empty() || series.low.size() == series.x.size(), "series {}",
                 series.name);
    }
  }
}

void Check(const BarChart& chart) {
  for (const BarSeries& series : chart.series) {
    MOTE_CHECK(series.values.size() == chart.groups.size(), "series {}", series.name);
    MOTE_CHECK(series.low.size() == series.high.size(), "series {}", series.name);
    MOTE_CHECK(series.low.empty() || series.low.size() == chart.groups.size(), "series {}",
               series.name);
  }
}

void Check(const ScatterChart&) {}

void Check(const SurfaceChart& chart) {
  for (const SurfaceMap& map : chart.maps) {
    MOTE_CHECK(map.u.size() > 1 && map.v.size() > 1, "map {}", map.title);
    MOTE_CHECK(map.values.size() == map.u.size() * map.v.size(), "map {}", map.title);
    MOTE_CHECK(map.path_u.size() == map.path_v.size(), "map {}", map.title);
    for (const auto* axis : {&map.u, &map.v}) {
      const double step = (axis->back() - axis->front()) / double(axis->size() - 1);
      MOTE_CHECK(step > 0 && std::isfinite(step), "map {}", map.title);
      for (std::size_t i = 0; i < axis->size(); ++i) {
        const double error = (*axis)[i] - (axis->front() + step * double(i));
        MOTE_CHECK(std::abs(error) < 1e-3 * step, "map {}, place {}", map.title, i);
      }
    }
  }
}

std::filesystem::path WithSuffix(const std::filesystem::path& stem, const char* suffix) {
  return stem.string() + suffix;
}

}  // namespace

ChartFiles WriteChart(const Chart& chart, const std::filesystem::path& stem) {
  std::visit([](const auto& kind) { Check(kind); }, chart);
  ChartFiles files;
  const auto write = [&](const char* suffix, const std::string& content) {
    const std::filesystem::path path = WithSuffix(stem, suffix);
    WriteFileAtomically(path, content);
    files.written.push_back(path);
  };
  write(".csv", ChartCsv(chart));
  const auto gnuplot = FindGnuplot();
  if (!gnuplot) {
    files.without_pictures = fmt::format(
        "no picture of '{}': gnuplot is not on PATH (Debian: apt-get install gnuplot-nox)",
        WithSuffix(stem, ".csv").string());
    return files;
  }
  const std::string script = std::visit([](const auto& kind) { return DrawingOf(kind); }, chart);
  const auto pictures = RunGnuplot(*gnuplot, script, {"chart.svg", "chart.png"});
  write(".svg", pictures.at("chart.svg"));
  write(".png", pictures.at("chart.png"));
  return files;
}

}  // namespace mote
