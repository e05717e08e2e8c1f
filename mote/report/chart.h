// Charts as plain data, and the files they become: the data as CSV, the picture as SVG and PNG.
//
// The pictures are drawn by gnuplot, a program of its own that may be missing; the CSV file needs
// nothing. All are readable in grey: what differs by colour differs by dash, shape or lightness,
// too, and legends stand below what they explain.
//
// Names, titles and labels may hold anything. What is no printable UTF-8 is replaced in pictures
// and kept in the CSV. A number that is not finite is a gap in the picture.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace mote {

// What all charts have. Empty texts take no room.
struct ChartText {
  std::string title;
  std::string caption;  // below the figure; long text is wrapped
};

// A curve: y over x, which rises. `low` and `high` are the ends of an interval at each point, or
// both empty.
struct LineSeries {
  std::string name;
  std::vector<double> x, y;
  std::vector<double> low = {}, high = {};
};

struct LinePanel {
  std::string title;
  std::string x_label, y_label;
  std::vector<LineSeries> series;
  bool log_x = false;  // x > 0; other points are left out of the picture
};

enum class IntervalForm { kBand, kBars };

// Curves in panels side by side on one scale of y; a name has one look in all of them.
struct LineChart {
  ChartText text;
  std::vector<LinePanel> panels;
  IntervalForm intervals = IntervalForm::kBand;
  bool shared_y = true;  // else each panel has its own scale of y
  bool log_y = false;    // y > 0; others are gaps; intervals are drawn where both ends are
};

// A value per group. `low` and `high` as in LineSeries.
struct BarSeries {
  std::string name;
  std::vector<double> values;
  std::vector<double> low = {}, high = {};
};

// Groups of bars, one per series, from zero, each with its value written at its end. Upright where
// names and values have room, else lying, the first group on top.
struct BarChart {
  ChartText text;
  std::string value_label;
  std::vector<std::string> groups;
  std::vector<BarSeries> series;
  int digits = 3;  // behind the point of the written values
};

// A point with a name has it written beside it.
struct ScatterPoint {
  double x = 0;
  double y = 0;
  std::string name = {};
};

struct ScatterSeries {
  std::string name;
  std::vector<ScatterPoint> points;
};

struct ScatterPanel {
  std::string title;
  std::string x_label, y_label;
  std::vector<ScatterSeries> series;
  bool log_x = false;  // x > 0; other points are left out of the picture
  bool front = false;  // draws the Pareto front of all points: low x is good, high y is good
};

// Points in panels side by side; as LineChart.
struct ScatterChart {
  ChartText text;
  std::vector<ScatterPanel> panels;
  bool shared_y = true;
};

// values[row * u.size() + column] stands at (u[column], v[row]). Both axes rise in even steps and
// have at least two places. The path is drawn over the map, from its start to its end.
struct SurfaceMap {
  std::string title;
  std::string u_label, v_label;
  std::vector<double> u, v;
  std::vector<double> values;
  std::vector<double> path_u = {}, path_v = {};
};

// Maps side by side on one scale: light is low, dark is high, lines join equal values.
struct SurfaceChart {
  ChartText text;
  std::string value_label;
  std::vector<SurfaceMap> maps;
  bool log_value = false;              // values > 0; other places stay white
  std::string path_name = "the path";  // in the legend, if there is a path
};

using Chart = std::variant<LineChart, BarChart, ScatterChart, SurfaceChart>;

// The data of a chart in long form, a row per point, whatever the locale: doubles in the shortest
// form that reads back to the same bits. RFC 4180, lines end in "\n". The columns are
//   LineChart     panel,series,x,y,low,high      low and high empty where there is no interval
//   BarChart      group,series,value,low,high
//   ScatterChart  panel,series,name,x,y,front    front is 1 on the Pareto front, else 0; empty
//                                                where none is drawn
//   SurfaceChart  map,part,u,v,value             part is "surface", or "path", without a value
std::string ChartCsv(const Chart& chart);

struct ChartFiles {
  std::vector<std::filesystem::path> written;
  std::string without_pictures;  // why there are none, in one sentence for the user; else empty
};

// Writes STEM.csv and, where gnuplot is on PATH, STEM.svg and STEM.png, each whole or not at all;
// missing parent folders are made. The same chart gives the same CSV bytes, and the same SVG by the
// same gnuplot. Takes some 0.2 s. Throws Error(kIo) if a file cannot be written or gnuplot fails,
// with its first message; STEM.csv is there then. Lengths that do not fit together are a bug.
ChartFiles WriteChart(const Chart& chart, const std::filesystem::path& stem);

}  // namespace mote
