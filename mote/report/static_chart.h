// Charts of a page as they stand without JavaScript and on paper: small SVG pictures in the page's
// own colours.
#pragma once

#include <string>
#include <vector>

namespace mote {

struct StaticLine {
  std::string name;
  std::vector<double> x, y;  // x rises
};

struct StaticPoint {
  double x = 0;
  double y = 0;
};

// Lines that step from value to value, each with its own dash, and the values behind them as dots.
// The legend is the page's.
std::string StaticStepChart(const std::vector<StaticLine>& lines,
                            const std::vector<StaticPoint>& dots, const std::string& x_label,
                            const std::string& y_label);

// How often values fall into bins, some 5 to 40 by their number; logarithmic where they are
// positive and span more than a thousandfold. Others than finite ones are left out.
std::string StaticHistogram(const std::vector<double>& values, const std::string& x_label);

// Dots, and the front through some of them, x and y rising or falling.
std::string StaticFrontChart(const std::vector<StaticPoint>& dots,
                             const std::vector<StaticPoint>& front, const std::string& x_label,
                             const std::string& y_label);

// Those that are on the Pareto front: x low, y high or, if `y_low`, low. By x.
std::vector<StaticPoint> FrontOf(const std::vector<StaticPoint>& points, bool y_low);

}  // namespace mote
