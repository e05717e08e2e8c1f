// A page with panels, text and a legend, as a script for gnuplot.
//
// What stands where is computed here, in pixels from the upper left corner, with an upper estimate
// of the width of text: gnuplot only draws, and nothing depends on its guesses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mote/report/chart.h"
#include "mote/report/chart_axis.h"

namespace mote {

struct Area {
  double left = 0, top = 0, width = 0, height = 0;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

// A sample of a series beside its name: styles of gnuplot, empty for what it has not.
struct LegendEntry {
  std::string name;
  std::string line = {};
  std::string point = {};
  std::string fill = {};
};

struct PanelFrame {
  Area area;  // within the axes
  std::string title, x_label, y_label;
  Axis x, y;
  bool grid = true;
  bool zero_line = true;  // where y is 0
};

enum class Align { kLeft, kCenter, kRight };
enum class TextSize { kTitle, kHeading, kBase, kSmall };
double FontSize(TextSize size);  // in pixels

// User text as a string of gnuplot's, quotes included, that nothing gets out of and that means
// itself in labels (which know no markup, as the terminals are told so).
std::string GnuplotText(std::string_view text);

// The text, or as much of its beginning as fits, and an ellipsis.
std::string FitText(std::string_view text, TextSize size, double width);

class ChartPage {
 public:
  // A page whose plots, axes' labels included, take width x height; title, legend and caption make
  // it higher. All places are relative to the plots' corner.
  ChartPage(const ChartText& text, std::vector<LegendEntry> legend, double width, double height);

  // Rows of numbers, a blank line ending a line or scan. Returns the name to plot them by.
  std::string AddData(const std::string& rows);
  // Commands before anything is drawn: computed data.
  void Prepare(const std::string& commands) { data_ += commands; }

  // `plots`: elements of a `plot` command, without titles; `settings`: commands before it.
  void AddPanel(const PanelFrame& frame, const std::vector<std::string>& plots,
                const std::string& settings = {});
  void AddText(std::string_view text, double x, double y, Align align, TextSize size,
               bool upright = false);

  // Thin, from a name to what it names.
  void AddLine(double x1, double y1, double x2, double y2);
  // The command that puts the scale of colours of the next panel there.
  std::string ColourBar(const Area& area) const;

  // Draws the page as chart.svg and chart.png in the current folder.
  std::string Script() const;

 private:
  void AddSample(const LegendEntry& entry, double x, double y);
  void AddLegend(const std::vector<LegendEntry>& legend, double width, double top);
  std::string ScreenX(double x) const;
  std::string ScreenY(double y) const;
  void AddAxis(char name, const Axis& axis, bool grid);

  double width_ = 0;
  double height_ = 0;
  double plots_top_ = 0;
  int blocks_ = 0;
  std::string data_;
  std::string panels_;
  std::string texts_;
  std::vector<std::string> samples_;  // of the legend: elements of a plot in pixels
};

// Room beside the axes of a panel for ticks and labels.
inline constexpr double kRoomBelow = 52, kRoomRight = 18;
// Above panels of this width with these titles, which are wrapped.
double RoomAbove(const std::vector<std::string>& titles, double width);
double RoomLeft(const Axis& y, const std::string& y_label);

// A number for a script; what is not finite is no point.
std::string ScriptNumber(double value);

}  // namespace mote
