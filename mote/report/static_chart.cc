#include "mote/report/static_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "mote/report/chart_axis.h"
#include "mote/report/html_text.h"

namespace mote {
namespace {

constexpr double kWidth = 480, kHeight = 260;
constexpr double kLeft = 58, kRight = 14, kTop = 10, kBottom = 44;
constexpr double kInnerWidth = kWidth - kLeft - kRight, kInnerHeight = kHeight - kTop - kBottom;

// "12.5": a tenth of a pixel is enough, and small files stay small.
std::string Pixel(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

class Frame {
 public:
  Frame(Axis x, Axis y) : x_(std::move(x)), y_(std::move(y)) {}

  double X(double value) const { return kLeft + kInnerWidth * x_.Share(value); }
  double Y(double value) const { return kTop + kInnerHeight * (1 - y_.Share(value)); }
  bool Shows(double x, double y) const { return x_.Shows(x) && y_.Shows(y); }

  std::string Draw(const std::string& marks, const std::string& x_label,
                   const std::string& y_label) const {
    std::string text = fmt::format(
        "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} against {}\">",
        kWidth, kHeight, Html(y_label), Html(x_label));
    for (const Tick& tick : x_.ticks) {
      const std::string x = Pixel(X(tick.value));
      text += fmt::format(
          "<path class=\"grid\" d=\"M{0} {1}V{2}\"/><text x=\"{0}\" y=\"{3}\" "
          "text-anchor=\"middle\">{4}</text>",
          x, kTop, kHeight - kBottom, kHeight - kBottom + 16, Html(tick.text));
    }
    for (const Tick& tick : y_.ticks) {
      const std::string y = Pixel(Y(tick.value));
      text += fmt::format(
          "<path class=\"grid\" d=\"M{1} {0}H{2}\"/><text x=\"{3}\" y=\"{0}\" dy=\"4\" "
          "text-anchor=\"end\">{4}</text>",
          y, kLeft, kWidth - kRight, kLeft - 6, Html(tick.text));
    }
    text += marks;
    text += fmt::format("<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                        kLeft + kInnerWidth / 2, kHeight - 8, Html(x_label));
    text += fmt::format(
        "<text class=\"axis\" transform=\"translate(14 {}) rotate(-90)\" "
        "text-anchor=\"middle\">{}</text></svg>",
        kTop + kInnerHeight / 2, Html(y_label));
    return text;
  }

 private:
  Axis x_, y_;
};

// One path for all; of dots on one pixel the first is enough, however many there are.
std::string Dots(const Frame& frame, const std::vector<StaticPoint>& points,
                 const char* css_class) {
  std::set<std::pair<int, int>> seen;
  std::string path;
  for (const StaticPoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y) || !frame.Shows(point.x, point.y)) {
      continue;
    }
    const std::pair<int, int> pixel(int(std::lround(frame.X(point.x))),
                                    int(std::lround(frame.Y(point.y))));
    if (seen.insert(pixel).second) path += fmt::format("M{} {}h0", pixel.first, pixel.second);
  }
  return path.empty() ? "" : fmt::format("<path class=\"{}\" d=\"{}\"/>", css_class, path);
}

template <typename Points, typename Member>
std::vector<double> Gather(const Points& points, Member member) {
  std::vector<double> values;
  for (const auto& point : points) values.push_back(point.*member);
  return values;
}

}  // namespace

std::string StaticStepChart(const std::vector<StaticLine>& lines,
                            const std::vector<StaticPoint>& dots, const std::string& x_label,
                            const std::string& y_label) {
  std::vector<double> x = Gather(dots, &StaticPoint::x), y = Gather(dots, &StaticPoint::y);
  x.push_back(0);
  for (const StaticLine& line : lines) {
    x.insert(x.end(), line.x.begin(), line.x.end());
    y.insert(y.end(), line.y.begin(), line.y.end());
  }
  const Frame frame(LinearAxis(x), LinearAxis(y, 5));
  std::string marks = Dots(frame, dots, "dots");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const StaticLine& line = lines[i];
    std::string path;
    double level = 0;
    for (std::size_t k = 0; k < line.x.size(); ++k) {
      const bool is_end = k + 1 == line.x.size();
      if (k > 0 && line.y[k] == level && !is_end) continue;  // no step
      if (!std::isfinite(line.x[k]) || !std::isfinite(line.y[k])) continue;
      path += path.empty()
                  ? fmt::format("M{} {}", Pixel(frame.X(line.x[k])), Pixel(frame.Y(line.y[k])))
                  : fmt::format("H{}V{}", Pixel(frame.X(line.x[k])), Pixel(frame.Y(line.y[k])));
      level = line.y[k];
    }
    marks += fmt::format("<path class=\"line look{}\" d=\"{}\"><title>{}</title></path>", i % 6,
                         path, Html(line.name));
  }
  return frame.Draw(marks, x_label, y_label);
}

std::string StaticHistogram(const std::vector<double>& all, const std::string& x_label) {
  std::vector<double> values;
  for (const double value : all) {
    if (std::isfinite(value)) values.push_back(value);
  }
  if (values.empty()) return "";
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const bool log = *least > 0 && *most / *least > 1000;
  const auto place = [log](double value) { return log ? std::log10(value) : value; };
  const double low = place(*least), high = place(*most);
  const int bins =
      low == high ? 1 : std::clamp(int(std::lround(std::sqrt(double(values.size())))), 5, 40);
  std::vector<double> counts(bins), ends;
  for (const double value : values) {
    const double share = low == high ? 0 : (place(value) - low) / (high - low);
    ++counts[std::min(int(share * bins), bins - 1)];
  }
  for (int i = 0; i <= bins; ++i) {
    const double end = low + (high - low) * i / bins;
    ends.push_back(log ? std::pow(10, end) : end);
  }
  counts.push_back(0);
  const Frame frame(AxisOf(ends, log), LinearAxis(counts, 5));
  std::string marks;
  for (int i = 0; i < bins; ++i) {
    if (counts[i] == 0) continue;
    const double left = bins == 1 ? kLeft + 0.4 * kInnerWidth : frame.X(ends[i]);
    const double right = bins == 1 ? kLeft + 0.6 * kInnerWidth : frame.X(ends[i + 1]);
    marks += fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                         Pixel(left), Pixel(frame.Y(counts[i])), Pixel(right - left),
                         Pixel(frame.Y(0) - frame.Y(counts[i])));
  }
  return frame.Draw(marks, x_label, "architectures");
}

std::vector<StaticPoint> FrontOf(const std::vector<StaticPoint>& points, bool y_low) {
  std::vector<StaticPoint> sorted;
  for (const StaticPoint& point : points) {
    if (std::isfinite(point.x) && std::isfinite(point.y)) sorted.push_back(point);
  }
  const auto better = [y_low](double a, double b) { return y_low ? a < b : a > b; };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const StaticPoint& a, const StaticPoint& b) {
    return a.x != b.x ? a.x < b.x : better(a.y, b.y);
  });
  std::vector<StaticPoint> front;
  for (const StaticPoint& point : sorted) {
    if (front.empty() || better(point.y, front.back().y)) front.push_back(point);
  }
  return front;
}

std::string StaticFrontChart(const std::vector<StaticPoint>& dots,
                             const std::vector<StaticPoint>& front, const std::string& x_label,
                             const std::string& y_label) {
  const Frame frame(LinearAxis(Gather(dots, &StaticPoint::x)),
                    LinearAxis(Gather(dots, &StaticPoint::y), 5));
  std::string marks = Dots(frame, dots, "dots");
  std::string path;
  for (const StaticPoint& point : front) {
    path += path.empty() ? fmt::format("M{} {}", Pixel(frame.X(point.x)), Pixel(frame.Y(point.y)))
                         : fmt::format("H{}V{}", Pixel(frame.X(point.x)), Pixel(frame.Y(point.y)));
  }
  marks += fmt::format("<path class=\"line look0\" d=\"{}\"/>", path);
  marks += Dots(frame, front, "dots front");
  return frame.Draw(marks, x_label, y_label);
}

}  // namespace mote
