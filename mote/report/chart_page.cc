#include "mote/report/chart_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mote/report/chart_style.h"
#include "mote/report/svg_text.h"
#include "mote/report/utf8.h"

namespace mote {
namespace {

constexpr double kPageMargin = 16;
constexpr double kTitleLine = 22;
constexpr double kHeadingLine = 18;
constexpr double kCaptionHeight = 17;
constexpr double kLegendRow = 22;
constexpr double kGap = 8;        // between a sample and its name, a label and its axis
constexpr double kEntryGap = 22;  // of the legend
constexpr double kTickLength = 6;

const std::string kEllipsis = "\u2026";

// The PNG has more dots than the SVG has pixels, for screens and prints that show them.
constexpr double kPngScale = 1.5;
// gnuplot's PNG takes points of 1/72 inch at 96 dots an inch.
constexpr double kPointsPerPixel = 0.75;

std::string Coordinate(double value) { return fmt::format("{:.6g}", value); }

const char* SizeName(TextSize size) {
  switch (size) {
    case TextSize::kTitle:
      return "size_title";
    case TextSize::kHeading:
      return "size_heading";
    case TextSize::kSmall:
      return "size_small";
    default:
      return "size_base";
  }
}

std::string FontSizes(double scale) {
  std::string text;
  for (const TextSize size :
       {TextSize::kTitle, TextSize::kHeading, TextSize::kBase, TextSize::kSmall}) {
    text += fmt::format("{} = ',{}'\n", SizeName(size), Coordinate(FontSize(size) * scale));
  }
  return text;
}

double SampleWidth(const LegendEntry& entry) {
  return !entry.line.empty() ? 38 : !entry.fill.empty() ? 28 : 14;
}

double WidthOf(const LegendEntry& entry) {
  return SampleWidth(entry) + kGap + EstimateTextWidth(entry.name, FontSize(TextSize::kBase));
}

struct LegendRow {
  std::size_t begin = 0, end = 0;
  double width = 0;
};

std::vector<LegendRow> RowsOf(const std::vector<LegendEntry>& legend, double width) {
  std::vector<LegendRow> rows;
  for (std::size_t i = 0; i < legend.size(); ++i) {
    const double more = WidthOf(legend[i]);
    if (rows.empty() || rows.back().width + kEntryGap + more > width) {
      rows.push_back({i, i + 1, more});
    } else {
      rows.back().end = i + 1;
      rows.back().width += kEntryGap + more;
    }
  }
  return rows;
}

std::vector<std::string> Wrapped(const std::string& text, TextSize size, double width) {
  if (text.empty()) return {};
  return WrapText(text, FontSize(size), width);
}

}  // namespace

double FontSize(TextSize size) {
  switch (size) {
    case TextSize::kTitle:
      return 16;
    case TextSize::kHeading:
      return 14;
    case TextSize::kSmall:
      return 12;
    default:
      return 13;
  }
}

std::string ScriptNumber(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "NaN";
}

// In octal all that could mean something to gnuplot. Not between single quotes, where only the
// quote does: it takes a doubled one at the beginning for an end.
std::string GnuplotText(std::string_view text) {
  std::string quoted = "\"";
  bool in_octal = false;  // which does not end before a digit
  for (const char letter : Printable(text)) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = letter == ' ' || byte >= 0x80 || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= 'a' && letter <= 'z') ||
                       (letter >= '0' && letter <= '9' && !in_octal);
    quoted += plain ? std::string(1, letter) : fmt::format("\\{:03o}", byte);
    in_octal = !plain;
  }
  return quoted + "\"";
}

std::string FitText(std::string_view text, TextSize size, double width) {
  if (EstimateTextWidth(text, FontSize(size)) <= width) return std::string(text);
  std::string fitting;
  while (!text.empty()) {
    std::string longer = fitting;
    AppendUtf8(longer, TakeCodePoint(text));
    if (EstimateTextWidth(longer + kEllipsis, FontSize(size)) > width) break;
    fitting = longer;
  }
  return fitting + kEllipsis;
}

double RoomAbove(const std::vector<std::string>& titles, double width) {
  std::size_t lines = 0;
  for (const std::string& title : titles) {
    lines = std::max(lines, Wrapped(title, TextSize::kHeading, width).size());
  }
  return kHeadingLine * double(lines) + (lines == 0 ? 8 : 12);
}

double RoomLeft(const Axis& y, const std::string& y_label) {
  double widest = 0;
  for (const Tick& tick : y.ticks) {
    widest = std::max(widest, EstimateTextWidth(tick.text, FontSize(TextSize::kSmall)));
  }
  return kTickLength + kGap + widest + (y_label.empty() ? 0 : 26);
}

ChartPage::ChartPage(const ChartText& text, std::vector<LegendEntry> legend, double width,
                     double height)
    : width_(width + 2 * kPageMargin) {
  for (LegendEntry& entry : legend) {
    entry.name = FitText(entry.name, TextSize::kBase, width - SampleWidth(entry) - kGap);
  }
  double top = kPageMargin;
  const auto title = Wrapped(text.title, TextSize::kTitle, width);
  plots_top_ = top + kTitleLine * double(title.size()) + (title.empty() ? 0 : 6);
  top += kTitleLine / 2 - plots_top_;
  for (const std::string& line : title) {
    AddText(line, width / 2, top, Align::kCenter, TextSize::kTitle);
    top += kTitleLine;
  }
  top = height;
  if (!legend.empty()) {
    AddLegend(legend, width, top);
    top += kLegendRow * double(RowsOf(legend, width).size()) + kGap;
  }
  top += kCaptionHeight / 2;
  for (const std::string& line : Wrapped(text.caption, TextSize::kSmall, width)) {
    AddText(line, 0, top, Align::kLeft, TextSize::kSmall);
    top += kCaptionHeight;
  }
  height_ = plots_top_ + top - kCaptionHeight / 2 + kPageMargin;
}

std::string ChartPage::AddData(const std::string& rows) {
  const std::string name = fmt::format("$data{}", ++blocks_);
  data_ += name + " << END\n" + rows + "END\n";
  return name;
}

std::string ChartPage::ScreenX(double x) const { return Coordinate((kPageMargin + x) / width_); }
std::string ChartPage::ScreenY(double y) const {
  return Coordinate(1 - (plots_top_ + y) / height_);
}

void ChartPage::AddText(std::string_view text, double x, double y, Align align, TextSize size,
                        bool upright) {
  if (text.empty()) return;
  const char* side = align == Align::kLeft ? "left" : align == Align::kRight ? "right" : "center";
  texts_ += fmt::format("set label {} at {},{} {} font {} tc rgb '{}'{}\n", GnuplotText(text),
                        Coordinate(kPageMargin + x), Coordinate(plots_top_ + y), side,
                        SizeName(size), kInk, upright ? " rotate by 90" : "");
}

void ChartPage::AddLegend(const std::vector<LegendEntry>& legend, double width, double top) {
  double y = top + kLegendRow / 2;
  for (const LegendRow& row : RowsOf(legend, width)) {
    double x = std::max(0.0, (width - row.width) / 2);
    for (std::size_t i = row.begin; i < row.end; ++i) {
      AddSample(legend[i], x, y);
      AddText(legend[i].name, x + SampleWidth(legend[i]) + kGap, y, Align::kLeft, TextSize::kBase);
      x += WidthOf(legend[i]) + kEntryGap;
    }
    y += kLegendRow;
  }
}

void ChartPage::AddSample(const LegendEntry& entry, double x, double y) {
  const double left = kPageMargin + x, centre = left + SampleWidth(entry) / 2,
               middle = plots_top_ + y;
  const auto add = [&](const std::string& row, std::string_view columns, std::string_view style,
                       const std::string& look) {
    samples_.push_back(fmt::format("{} using {} with {} {}", AddData(row), columns, style, look));
  };
  if (!entry.fill.empty()) {
    add(fmt::format("{} {} {} {} {} {}\n", centre, middle, centre - 14, centre + 14, middle - 6,
                    middle + 6),
        "1:2:3:4:5:6", "boxxyerror", entry.fill);
  }
  if (!entry.line.empty()) {
    add(fmt::format("{} {} {} 0\n", left, middle, SampleWidth(entry)), "1:2:3:4", "vectors nohead",
        entry.line);
  }
  if (!entry.point.empty()) {
    add(fmt::format("{} {}\n", centre, middle), "1:2", "points", entry.point);
  }
}

void ChartPage::AddLine(double x1, double y1, double x2, double y2) {
  texts_ += fmt::format("set arrow from {},{} to {},{} nohead lw 0.8 lc rgb '{}'\n",
                        Coordinate(kPageMargin + x1), Coordinate(plots_top_ + y1),
                        Coordinate(kPageMargin + x2), Coordinate(plots_top_ + y2), kFrame);
}

void ChartPage::AddAxis(char name, const Axis& axis, bool grid) {
  panels_ += fmt::format("{} logscale {}\n", axis.log ? "set" : "unset", name);
  panels_ += fmt::format("set {}range [{}:{}]\n", name, axis.low, axis.high);
  if (axis.ticks.empty()) {
    panels_ += fmt::format("unset {}tics\n", name);
    return;
  }
  std::string ticks;
  for (const Tick& tick : axis.ticks) {
    ticks += fmt::format("{}{} {}", ticks.empty() ? "" : ", ", GnuplotText(tick.text), tick.value);
  }
  panels_ += fmt::format("set {}tics out nomirror scale 0.6,0 ({}) font {} tc rgb '{}'\n", name,
                         ticks, SizeName(TextSize::kSmall), kInk);
  if (grid) panels_ += fmt::format("set grid {}tics back lt 1 lw 0.8 lc rgb '{}'\n", name, kGrid);
}

void ChartPage::AddPanel(const PanelFrame& frame, const std::vector<std::string>& plots,
                         const std::string& settings) {
  const Area& area = frame.area;
  panels_ += fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin "
      "at screen {}\n",
      ScreenX(area.left), ScreenX(area.right()), ScreenY(area.top), ScreenY(area.bottom()));
  panels_ += fmt::format("set border 3 lw 1 lc rgb '{}'\nunset grid\n", kFrame);
  AddAxis('x', frame.x, frame.grid);
  AddAxis('y', frame.y, frame.grid);
  if (frame.zero_line) {
    panels_ += fmt::format("set xzeroaxis lt 1 lw 1 lc rgb '{}'\n", kFrame);
  }
  panels_ += settings + "plot ";
  for (const std::string& plot : plots) panels_ += plot + " notitle, ";
  panels_ += "NaN notitle\n";

  const double centre = area.left + area.width / 2;
  const auto title = Wrapped(frame.title, TextSize::kHeading, area.width);
  double y = area.top - kHeadingLine * (double(title.size()) - 0.5) - 6;
  for (const std::string& line : title) {
    AddText(line, centre, y, Align::kCenter, TextSize::kHeading);
    y += kHeadingLine;
  }
  AddText(FitText(frame.x_label, TextSize::kBase, area.width), centre, area.bottom() + 38,
          Align::kCenter, TextSize::kBase);
  AddText(FitText(frame.y_label, TextSize::kBase, area.height),
          area.left - RoomLeft(frame.y, frame.y_label) + 10, area.top + area.height / 2,
          Align::kCenter, TextSize::kBase, true);
}

std::string ChartPage::ColourBar(const Area& area) const {
  return fmt::format("set colorbox user origin screen {},{} size screen {},{} border",
                     ScreenX(area.left), ScreenY(area.bottom()), Coordinate(area.width / width_),
                     Coordinate(area.height / height_));
}

std::string ChartPage::Script() const {
  std::string overlay = fmt::format(
      "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\nset bmargin at "
      "screen 0\nunset border\nunset tics\nunset grid\nunset colorbox\nunset logscale\nset xrange "
      "[0:{}]\nset yrange [{}:0]\nunset xzeroaxis\nunset yzeroaxis\n",
      Coordinate(width_), Coordinate(height_));
  overlay += texts_ + "plot ";
  for (const std::string& sample : samples_) overlay += sample + " notitle, ";
  overlay += "NaN notitle\nunset label\nunset arrow\n";

  const std::string body = "unset key\nset multiplot\n" + panels_ + overlay + "unset multiplot\n";
  const auto page = [&](double scale, double font_scale, std::string_view terminal,
                        std::string_view more, std::string_view file) {
    return fmt::format("set terminal {} noenhanced size {},{} font 'sans-serif,{}' {}\n", terminal,
                       std::lround(width_ * scale), std::lround(height_ * scale),
                       Coordinate(FontSize(TextSize::kBase) * font_scale), more) +
           FontSizes(font_scale) + fmt::format("set output '{}'\n", file) + body + "unset output\n";
  };
  const std::string scales = fmt::format("fontscale {0} linewidth {0} pointscale {0}", kPngScale);
  return "set encoding utf8\n" + data_ + page(1, 1, "svg", "background '#ffffff'", "chart.svg") +
         page(kPngScale, kPointsPerPixel, "pngcairo", scales + " background '#ffffff'",
              "chart.png");
}

}  // namespace mote
