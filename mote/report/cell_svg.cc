// Layout. Nodes stand in a row. Edges between neighbours are straight, longer ones are arcs above
// or below. Edges that are `none` keep their places: pictures of different cells compare at a
// glance.
//
// Colours are after Okabe & Ito (2008), shifted until lines have a contrast of at least 3:1 and
// text of 4.5:1 to the ground (WCAG 2.1), and any two differ by at least 17 (CIE 1976) also under
// simulated protanopia, deuteranopia and tritanopia (Machado, Oliveira & Fernandes 2009). The
// labels on the edges say the same in words.
#include "mote/report/cell_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mote/report/cell_graph.h"
#include "mote/report/svg_text.h"
#include "mote/report/utf8.h"

namespace mote {
namespace {

constexpr double kPi = 3.14159265358979323846;

constexpr double kMargin = 32;
constexpr double kNodeDistance = 190;
constexpr double kRadius = 22;
constexpr double kArrowLength = 11;
constexpr double kArrowWidth = 9;
constexpr double kLabelHeight = 22;
constexpr double kPortLength = 50;  // of the arrows into the cell and out of it
constexpr double kFontSize = 13;
constexpr double kLegendLine = 24;
constexpr double kCaptionLine = 20;

constexpr std::string_view kStyle = R"(
.mote-cell{font-family:system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-size:13px}
.mote-cell .paper{fill:#ffffff;stroke:#d7dce1}
.mote-cell text{fill:#1f2328}
.mote-cell .node{fill:#eef1f4;stroke:#4b5560;stroke-width:1.5}
.mote-cell .number{font-size:15px;font-weight:600;text-anchor:middle}
.mote-cell .port,.mote-cell .edge{fill:none;stroke-width:2.25}
.mote-cell .port{stroke:#4b5560}
.mote-cell .portname{text-anchor:middle}
.mote-cell .tip{stroke:none}
.mote-cell .portname,.mote-cell .quiet,.mote-cell .dangling text{fill:#59636e}
.mote-cell .porttip{fill:#4b5560}
.mote-cell .label rect{fill:#ffffff;stroke-width:1.5}
.mote-cell .label text{text-anchor:middle}
.mote-cell .dead .node{stroke-dasharray:4 3;stroke:#8a939d;fill:none}
.mote-cell .dead text{fill:#59636e}
.mote-cell .dangling .edge{stroke-dasharray:5 5;stroke-width:1.75}
.mote-cell .dangling .edge,.mote-cell .dangling .tip{opacity:.5}
.mote-cell .dangling .label rect{stroke-dasharray:3 3;stroke-opacity:.5}
.mote-cell .first{font-weight:600}
.mote-cell .conv3{stroke:#0072b2;color:#0072b2}
.mote-cell .conv1{stroke:#d55e00;color:#d55e00}
.mote-cell .skip{stroke:#009e73;color:#009e73}
.mote-cell .pool{stroke:#b4568f;color:#b4568f}
.mote-cell .other{stroke:#59636e;color:#59636e}
.mote-cell .tip{fill:currentColor}
.mote-cell .label text,.mote-cell .key text{stroke:none}
@media (prefers-color-scheme:dark){
.mote-cell .paper,.mote-cell .label rect{fill:#15191e}
.mote-cell .paper{stroke:#39414a}
.mote-cell text{fill:#e6eaee}
.mote-cell .node{fill:#262d35;stroke:#aab4be}
.mote-cell .port{stroke:#aab4be}
.mote-cell .porttip{fill:#aab4be}
.mote-cell .portname,.mote-cell .quiet,.mote-cell .dangling text,.mote-cell .dead text{fill:#9aa5b0}
.mote-cell .dead .node{stroke:#7b8793;fill:none}
.mote-cell .dangling .edge,.mote-cell .dangling .tip{opacity:.7}
.mote-cell .dangling .label rect{stroke-opacity:.7}
.mote-cell .conv3{stroke:#2f8ad0;color:#2f8ad0}
.mote-cell .conv1{stroke:#e8893a;color:#e8893a}
.mote-cell .skip{stroke:#58d68d;color:#58d68d}
.mote-cell .pool{stroke:#e08fbd;color:#e08fbd}
.mote-cell .other{stroke:#9aa5b0;color:#9aa5b0}
}
)";

// How an operation is shown: on an edge, and in the legend.
struct Look {
  std::string css_class;
  std::string label;
  std::string meaning;
};

Look LookOf(const std::string& operation) {
  if (operation == "nor_conv_3x3") return {"conv3", "conv 3\u00d73", "3\u00d73 convolution"};
  if (operation == "nor_conv_1x1") return {"conv1", "conv 1\u00d71", "1\u00d71 convolution"};
  if (operation == "skip_connect") return {"skip", "skip", "skip connection"};
  if (operation == "avg_pool_3x3") return {"pool", "pool 3\u00d73", "3\u00d73 average pooling"};
  return {"other", operation, operation};
}

struct Point {
  double x = 0;
  double y = 0;
};

// "12", "12.5": one decimal, for small and stable files.
std::string Number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}
std::string At(Point point) { return Number(point.x) + "," + Number(point.y); }

// How an arc leaves its node, against the row; longer arcs leave more steeply, so that those of one
// node stay apart.
double Slope(int span) { return std::min(38 + 24 * (span - 2), 75) * kPi / 180; }
// Distance of a Bezier curve's inner points from its outer ones.
double Handle(int span) { return span * kNodeDistance * (span == 2 ? 0.3 : 0.265); }
// Height of an arc's apex above the row.
double Rise(int span) { return std::sin(Slope(span)) * (kRadius + 0.75 * Handle(span)); }

class Drawing {
 public:
  Drawing(const SearchSpace& space, const Architecture& architecture,
          const std::vector<std::string>& caption)
      : space_(space), architecture_(architecture), cell_(MakeCellGraph(space, architecture)) {
    width_ = 2 * (kMargin + kPortLength + kRadius) + (cell_.nodes - 1) * kNodeDistance;
    double above = kRadius, below = kRadius;
    for (const CellEdge& edge : cell_.edges) {
      if (edge.side > 0) above = std::max(above, Rise(edge.span()) + kLabelHeight / 2);
      if (edge.side < 0) below = std::max(below, Rise(edge.span()) + kLabelHeight / 2);
    }
    row_ = kMargin + above;
    bottom_ = row_ + below + 12;
    for (const bool live : {false, true}) {
      for (const CellEdge& edge : cell_.edges) {
        if (!edge.is_none && edge.is_live == live) AddEdge(edge);
      }
    }
    AddPorts();
    for (int node = 0; node < cell_.nodes; ++node) AddNode(node);
    body_ += labels_;
    AddLegend();
    AddCaption(caption);
  }

  std::string Document() const {
    const double height = bottom_ + kMargin - 8;  // letters end above their line's bottom
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mote-cell\" role=\"img\" "
        "width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
        "<title>{2}</title>\n<style>{3}</style>\n"
        "<rect class=\"paper\" x=\"0.5\" y=\"0.5\" width=\"{4}\" height=\"{5}\" rx=\"8\"/>\n"
        "{6}</svg>\n",
        Number(width_), Number(height), XmlEscaped(architecture_.text()), kStyle,
        Number(width_ - 1), Number(height - 1), body_);
  }

 private:
  Point Centre(int node) const {
    return {kMargin + kPortLength + kRadius + node * kNodeDistance, row_};
  }

  // The arrow's head as a triangle with its tip at `tip`.
  std::string Tip(Point tip, double angle, std::string_view css_class) const {
    const Point along{std::cos(angle), std::sin(angle)};
    const Point base{tip.x - kArrowLength * along.x, tip.y - kArrowLength * along.y};
    const Point half{-along.y * kArrowWidth / 2, along.x * kArrowWidth / 2};
    return fmt::format("<path class=\"{}\" d=\"M{}L{}L{}Z\"/>", css_class, At(tip),
                       At({base.x + half.x, base.y + half.y}),
                       At({base.x - half.x, base.y - half.y}));
  }

  void AddEdge(const CellEdge& edge) {
    const Look look = LookOf(edge.operation);
    const Point from = Centre(edge.source), to = Centre(edge.target);
    const double gap = kRadius + 3;               // the line starts and ends beside the nodes
    const double reach = gap + kArrowLength - 1;  // ... and at its end makes room for the head
    std::string path;
    double angle = 0;
    Point tip{to.x - gap, to.y};
    Point middle{(from.x + to.x) / 2, row_};
    if (edge.side == 0) {
      path = fmt::format("M{}L{}", At({from.x + gap, row_}), At({to.x - reach, row_}));
    } else {
      const double slope = Slope(edge.span()), handle = Handle(edge.span());
      const double up = -edge.side * std::sin(slope), along = std::cos(slope);
      const auto at = [&](Point centre, double direction, double distance) {
        return Point{centre.x + direction * along * distance, centre.y + up * distance};
      };
      path = fmt::format("M{}C{} {} {}", At(at(from, 1, gap)), At(at(from, 1, gap + handle)),
                         At(at(to, -1, reach + handle)), At(at(to, -1, reach)));
      tip = at(to, -1, gap);
      angle = std::atan2(-up, along);
      middle.y = row_ + up * ((gap + reach) / 2 + 0.75 * handle);
    }
    const std::string group =
        fmt::format("<g class=\"{}{}\">", look.css_class, edge.is_live ? "" : " dangling");
    body_ += fmt::format("{}<path class=\"edge\" d=\"{}\"/>{}</g>\n", group, path,
                         Tip(tip, angle, "tip"));
    // Neighbours must show some line at both sides of the label.
    const std::string words = Truncate(look.label, 12, "\u2026");
    const double label_width = std::min(EstimateTextWidth(words, kFontSize) + 14, 110.0);
    labels_ += fmt::format(
        "{}<g class=\"label\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>"
        "<text x=\"{}\" y=\"{}\">{}</text></g></g>\n",
        group, Number(middle.x - label_width / 2), Number(middle.y - kLabelHeight / 2),
        Number(label_width), Number(kLabelHeight), Number(kLabelHeight / 2), Number(middle.x),
        Number(middle.y + 4.5), XmlEscaped(words));
  }

  // What comes into the cell and what leaves it.
  void AddPorts() {
    const Point first = Centre(0), last = Centre(cell_.nodes - 1);
    const double gap = kRadius + 3;
    const auto add = [this](double from, double to, std::string_view name) {
      body_ += fmt::format("<path class=\"port\" d=\"M{}L{}\"/>{}", At({from, row_}),
                           At({to - kArrowLength + 1, row_}), Tip({to, row_}, 0, "porttip"));
      body_ += fmt::format("<text class=\"portname\" x=\"{}\" y=\"{}\">{}</text>\n",
                           Number((from + to) / 2), Number(row_ + 21), name);
    };
    add(first.x - kRadius - kPortLength, first.x - gap, "input");
    add(last.x + gap, last.x + kRadius + kPortLength, "output");
  }

  void AddNode(int node) {
    const Point centre = Centre(node);
    const bool is_end = node == 0 || node == cell_.nodes - 1;
    body_ += fmt::format(
        "<g{}><circle class=\"node\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>"
        "<text class=\"number\" x=\"{}\" y=\"{}\">{}</text></g>\n",
        cell_.is_live[node] || is_end ? "" : " class=\"dead\"", Number(centre.x), Number(centre.y),
        Number(kRadius), Number(centre.x), Number(centre.y + 5), node);
  }

  void AddLegend() {
    double x = kMargin;
    double y = bottom_ + 14;
    const auto add = [&](std::string_view css_class, const std::string& words) {
      const double item = 34 + EstimateTextWidth(words, kFontSize) + 16;
      if (x > kMargin && x + item > width_ - kMargin) {
        x = kMargin;
        y += kLegendLine;
      }
      body_ += fmt::format(
          "<g class=\"key {}\"><path class=\"edge\" d=\"M{}L{}\"/>"
          "<text class=\"quiet\" x=\"{}\" y=\"{}\">{}</text></g>\n",
          css_class, At({x, y}), At({x + 26, y}), Number(x + 34), Number(y + 4.5),
          XmlEscaped(words));
      x += item;
    };
    bool has_dangling = false;
    for (const std::string& operation : Operations()) {
      const Look look = LookOf(operation);
      add(look.css_class, Truncate(look.meaning, 40, "\u2026"));
    }
    for (const CellEdge& edge : cell_.edges) has_dangling |= !edge.is_none && !edge.is_live;
    if (has_dangling) add("other dangling", "on no path from input to output");
    if (!cell_.is_connected) {
      if (x > kMargin) y += kLegendLine;
      body_ += fmt::format("<text class=\"quiet\" x=\"{}\" y=\"{}\">{}</text>\n", Number(kMargin),
                           Number(y + 4.5), "The output does not depend on the input.");
    }
    bottom_ = y + 8;
  }

  // The operations in the picture, in the order of the space.
  std::vector<std::string> Operations() const {
    std::vector<std::string> operations;
    for (const Choice& choice : space_.choices()) {
      for (const std::string& option : choice.options) {
        const bool is_drawn =
            option != "none" &&
            std::any_of(cell_.edges.begin(), cell_.edges.end(),
                        [&option](const CellEdge& edge) { return edge.operation == option; });
        const bool is_new =
            std::find(operations.begin(), operations.end(), option) == operations.end();
        if (is_drawn && is_new) operations.push_back(option);
      }
    }
    return operations;
  }

  void AddCaption(const std::vector<std::string>& caption) {
    if (!caption.empty()) bottom_ += 6;
    for (std::size_t i = 0; i < caption.size(); ++i) {
      // Bold letters are wider.
      const double room = (width_ - 2 * kMargin) / (i == 0 ? 1.1 : 1);
      for (const std::string& line : WrapText(Printable(caption[i]), kFontSize, room)) {
        bottom_ += kCaptionLine;
        body_ +=
            fmt::format("<text{} x=\"{}\" y=\"{}\">{}</text>\n", i == 0 ? " class=\"first\"" : "",
                        Number(kMargin), Number(bottom_), XmlEscaped(line));
      }
    }
  }

  const SearchSpace& space_;
  const Architecture& architecture_;
  CellGraph cell_;
  double width_ = 0;
  double row_ = 0;     // y of the nodes
  double bottom_ = 0;  // y below all that is drawn so far
  std::string body_;
  std::string labels_;  // above all lines
};

}  // namespace

std::string CellSvg(const SearchSpace& space, const Architecture& architecture,
                    const std::vector<std::string>& caption) {
  return Drawing(space, architecture, caption).Document();
}

}  // namespace mote
