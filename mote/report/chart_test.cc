#include "mote/report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <limits>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/report/chart_page.h"
#include "mote/report/gnuplot.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using testing::TempFolder;

#define SKIP_WITHOUT_GNUPLOT() \
  if (!FindGnuplot()) GTEST_SKIP() << "gnuplot is not on PATH: no pictures to test"

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// PATH as it was comes back at the end.
class PathIs {
 public:
  explicit PathIs(const std::filesystem::path& folder) : old_(std::getenv("PATH")) {
    ::setenv("PATH", folder.c_str(), 1);
  }
  ~PathIs() { ::setenv("PATH", old_.c_str(), 1); }
  PathIs(const PathIs&) = delete;
  PathIs& operator=(const PathIs&) = delete;

 private:
  std::string old_;
};

// A gnuplot that is a shell script of ours.
void PutGnuplot(const TempFolder& folder, const std::string& lines) {
  const std::filesystem::path program = folder / "gnuplot";
  WriteFileAtomically(program, "#!/bin/sh\n" + lines);
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
}

LineChart Curves() {
  return {.text = {.title = "Title", .caption = "Caption"},
          .panels = {
              {.title = "CIFAR-10",
               .x_label = "epoch",
               .y_label = "tau",
               .series = {
                   {.name = "mote", .x = {0, 1}, .y = {0.5, 0.1 + 0.2}},
                   {.name = "a, \"b\"", .x = {1}, .y = {-2e-7}, .low = {-0.25}, .high = {1e22}}}}}};
}

BarChart Bars() {
  return {.text = {},
          .value_label = "tau",
          .groups = {"mote", "tse"},
          .series = {{.name = "CIFAR-10", .values = {0.75, kNan}},
                     {.name = "CIFAR-100",
                      .values = {0.5, -0.25},
                      .low = {0.25, -0.5},
                      .high = {0.625, kInfinity}}}};
}

ScatterChart Points() {
  ScatterPanel panel = {.title = "p", .x_label = "seconds", .y_label = "tau", .series = {}};
  panel.series = {{"s", {{1, 0.5, "first"}, {2, 0.4, ""}}}, {"t", {{3, 0.75, ""}}}};
  panel.front = true;
  ScatterPanel without = panel;
  without.front = false;
  return {.text = {}, .panels = {panel, without}};
}

SurfaceChart Surface() {
  return {.text = {},
          .value_label = "loss",
          .maps = {{.title = "cell",
                    .u_label = "u",
                    .v_label = "v",
                    .u = {0, 0.5, 1},
                    .v = {-1, 1},
                    .values = {1, 2, 3, 4, 5, 6},
                    .path_u = {0, 0.25},
                    .path_v = {-1, 0.5}}}};
}

TEST(ChartCsv, HasARowPerPointOfACurve) {
  EXPECT_EQ(ChartCsv(Curves()),
            "panel,series,x,y,low,high\n"
            "CIFAR-10,mote,0,0.5,,\n"
            "CIFAR-10,mote,1,0.30000000000000004,,\n"
            "CIFAR-10,\"a, \"\"b\"\"\",1,-2e-07,-0.25,1e+22\n");
}

TEST(ChartCsv, HasARowPerBarGroupByGroup) {
  EXPECT_EQ(ChartCsv(Bars()),
            "group,series,value,low,high\n"
            "mote,CIFAR-10,0.75,,\n"
            "mote,CIFAR-100,0.5,0.25,0.625\n"
            "tse,CIFAR-10,nan,,\n"
            "tse,CIFAR-100,-0.25,-0.5,inf\n");
}

TEST(ChartCsv, MarksTheFrontWhereOneIsDrawn) {
  EXPECT_EQ(ChartCsv(Points()),
            "panel,series,name,x,y,front\n"
            "p,s,first,1,0.5,1\n"
            "p,s,,2,0.4,0\n"
            "p,t,,3,0.75,1\n"
            "p,s,first,1,0.5,\n"
            "p,s,,2,0.4,\n"
            "p,t,,3,0.75,\n");
}

TEST(ChartCsv, HasSurfaceAndPath) {
  EXPECT_EQ(ChartCsv(Surface()),
            "map,part,u,v,value\n"
            "cell,surface,0,-1,1\n"
            "cell,surface,0.5,-1,2\n"
            "cell,surface,1,-1,3\n"
            "cell,surface,0,1,4\n"
            "cell,surface,0.5,1,5\n"
            "cell,surface,1,1,6\n"
            "cell,path,0,-1,\n"
            "cell,path,0.25,0.5,\n");
}

TEST(WriteChart, WritesItsDataAndSaysWhyNotThePictures) {
  const TempFolder folder;
  const PathIs nowhere(folder / "none");
  const std::filesystem::path stem = folder / "figures/tau.v1";
  const ChartFiles files = WriteChart(Curves(), stem);
  EXPECT_THAT(files.written, ElementsAre(stem.string() + ".csv"));
  EXPECT_EQ(ReadFile(stem.string() + ".csv"), ChartCsv(Curves()));
  EXPECT_THAT(files.without_pictures, AllOf(HasSubstr("gnuplot is not on PATH"),
                                            HasSubstr("tau.v1"), Not(HasSubstr("\n"))));
}

TEST(WriteChart, ReportsTheFirstMessageOfAGnuplotThatFails) {
  const TempFolder folder;
  PutGnuplot(folder,
             "echo; echo 'plot foo' >&2; echo '     ^' >&2\n"
             "echo '\"chart.gp\" line 3: undefined variable: foo' >&2\necho more >&2\nexit 1\n");
  const PathIs only(folder / "");
  const std::filesystem::path stem = folder / "tau";
  try {
    WriteChart(Curves(), stem);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("line 3: undefined variable: foo"),
                                    Not(HasSubstr("more")), Not(HasSubstr("\n"))));
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "tau.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "tau.svg"));
  EXPECT_FALSE(std::filesystem::exists(folder / "tau.png"));
}

TEST(WriteChart, ReportsAGnuplotThatWritesNothing) {
  const TempFolder folder;
  PutGnuplot(folder, "echo 'cannot open font'\n");
  const PathIs only(folder / "");
  EXPECT_THROW(WriteChart(Curves(), folder / "tau"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "tau.svg"));
}

TEST(WriteChart, DrawsEveryKindTheSameTwice) {
  SKIP_WITHOUT_GNUPLOT();
  const TempFolder folder;
  int number = 0;
  LineChart bars = Curves();
  bars.intervals = IntervalForm::kBars;
  bars.panels[0].log_x = true;
  LineChart logarithmic = Curves();
  logarithmic.log_y = true;
  for (const Chart& chart : {Chart(Curves()), Chart(bars), Chart(logarithmic), Chart(Bars()),
                             Chart(Points()), Chart(Surface())}) {
    const std::string name = "chart" + std::to_string(number++);
    const std::filesystem::path stem = folder / name;
    const ChartFiles files = WriteChart(chart, stem);
    EXPECT_THAT(files.without_pictures, IsEmpty());
    EXPECT_THAT(files.written, ElementsAre(stem.string() + ".csv", stem.string() + ".svg",
                                           stem.string() + ".png"));
    const std::string svg = ReadFile(stem.string() + ".svg");
    EXPECT_THAT(svg, AllOf(StartsWith("<?xml"), HasSubstr("</svg>"), Not(HasSubstr("nan"))));
    EXPECT_THAT(ReadFile(stem.string() + ".png"), StartsWith("\x89PNG"));
    WriteChart(chart, stem);
    EXPECT_EQ(ReadFile(stem.string() + ".svg"), svg) << name;
  }
}

// Ticks in ratios, and a shape at the end of long curves.
TEST(WriteChart, DrawsLogarithmsAndEnds) {
  SKIP_WITHOUT_GNUPLOT();
  const TempFolder folder;
  LineChart chart = Curves();
  std::vector<double> x, y;
  for (int i = 1; i <= 40; ++i) {
    x.push_back(i);
    y.push_back(0.01 * i * i);
  }
  chart.panels[0].series = {{.name = "long", .x = x, .y = y}};
  const auto drawn = [&](const LineChart& wanted) {
    WriteChart(wanted, folder / "chart");
    return ReadFile(folder / "chart.svg");
  };
  const std::string linear = drawn(chart);
  chart.log_y = true;
  const std::string logarithmic = drawn(chart);
  EXPECT_NE(logarithmic, linear);
  EXPECT_THAT(logarithmic, HasSubstr("<text>0.01</text>"));
  EXPECT_THAT(linear, Not(HasSubstr("<text>0.01</text>")));
  chart.log_y = false;
  chart.panels[0].series[0].x.pop_back();
  chart.panels[0].series[0].y.pop_back();
  const std::string svg = drawn(chart);
  const std::string use = "<use xlink:href='#gpPt";
  int shapes = 0;
  for (std::size_t at = svg.find("</defs>"); (at = svg.find(use, at)) != std::string::npos; ++at) {
    ++shapes;
  }
  EXPECT_EQ(shapes, 13 + 1 + 1) << "every third of 39, the last, and that of the legend";
}

// Nothing but gaps, or nothing at all, is a chart as well: a study may have failed everywhere.
TEST(WriteChart, DrawsWhatHasNoPoints) {
  SKIP_WITHOUT_GNUPLOT();
  const TempFolder folder;
  LineChart gaps = Curves();
  for (LineSeries& series : gaps.panels[0].series) {
    series.y.assign(series.y.size(), kNan);
    series.low.clear();
    series.high.clear();
  }
  SurfaceChart white = Surface();
  white.maps[0].values.assign(6, kInfinity);
  SurfaceChart negative = Surface();
  negative.log_value = true;
  negative.maps[0].values = {-1, 0, 1, 1, 1, 1};
  ScatterChart left = Points();
  for (ScatterPanel& panel : left.panels) {
    panel.log_x = true;
    for (ScatterSeries& series : panel.series) series.points = {{-1, 2, "gone"}, {0, kNan, ""}};
  }
  for (const Chart& chart :
       {Chart(LineChart()), Chart(BarChart()), Chart(ScatterChart()), Chart(SurfaceChart()),
        Chart(gaps), Chart(white), Chart(negative), Chart(left)}) {
    EXPECT_EQ(WriteChart(chart, folder / "chart").written.size(), 3u) << chart.index();
  }
}

TEST(GnuplotText, HasNothingThatGnuplotReads) {
  EXPECT_EQ(GnuplotText("tau 0"), "\"tau 0\"");
  EXPECT_EQ(GnuplotText("'\"\\`17"), "\"\\047\\042\\134\\140\\061\\067\"");
  EXPECT_EQ(GnuplotText("a\nb\xFF"), "\"a b\xEF\xBF\xBD\"");
}

// What users name things after must not become commands, formats or markup.
TEST(WriteChart, ShowsTextAsItIs) {
  SKIP_WITHOUT_GNUPLOT();
  const TempFolder folder;
  const std::string mark = (folder / "mark").string();
  const std::string evil = "'; system('touch " + mark + "'); '\" `touch " + mark +
                           "` @1 $HOME %d %% \\n {/Bold b}_c^d8 \xC3\xA9\n'\xFF";
  const std::string shown = "'; system('touch " + mark + "'); '\" `touch " + mark +
                            "` @1 $HOME %d %% \\n {/Bold b}_c^d8 \xC3\xA9 '\xEF\xBF\xBD";
  LineChart curves = Curves();
  curves.panels[0].title = curves.panels[0].series[0].name = "x";
  curves.text.title = evil;
  BarChart bars = Bars();
  bars.groups[0] = evil;
  ScatterChart points = Points();
  points.panels[0].series[0].points[0].name = evil;
  SurfaceChart surface = Surface();
  surface.text.caption = evil;
  // Long text is wrapped or cut; this much is whole in one of the places.
  int whole = 0;
  for (const Chart& chart : {Chart(curves), Chart(bars), Chart(points), Chart(surface)}) {
    WriteChart(chart, folder / "chart");
    const std::string svg = ReadFile(folder / "chart.svg");
    EXPECT_THAT(svg, HasSubstr("'; system(")) << chart.index();
    if (svg.find(shown) != std::string::npos) ++whole;
    EXPECT_FALSE(std::filesystem::exists(mark)) << chart.index();
  }
  EXPECT_GE(whole, 1);
}

TEST(WriteChart, WrapsAndCutsLongText) {
  SKIP_WITHOUT_GNUPLOT();
  const TempFolder folder;
  const std::string cell =
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3"
      "~2|";
  SurfaceChart surface = Surface();
  surface.maps[0].title = cell;
  WriteChart(surface, folder / "chart");
  std::string svg = ReadFile(folder / "chart.svg");
  EXPECT_THAT(svg, AllOf(HasSubstr("<text>|nor_conv_3x3~0|+"), HasSubstr("nor_conv_3x3~2|</text>"),
                         Not(HasSubstr(cell))));
  LineChart curves = Curves();
  curves.panels[0].series[0].name = cell + cell;
  WriteChart(curves, folder / "chart");
  svg = ReadFile(folder / "chart.svg");
  EXPECT_THAT(svg, AllOf(HasSubstr("<text>" + cell.substr(0, 30)), HasSubstr("\u2026</text>"),
                         Not(HasSubstr(cell + cell))));
}

TEST(WriteChartDeathTest, ChecksLengths) {
  LineChart curves = Curves();
  curves.panels[0].series[0].y.pop_back();
  EXPECT_DEATH(WriteChart(curves, "unused"), "series mote");
  SurfaceChart surface = Surface();
  surface.maps[0].u = {0, 0.1, 1};
  EXPECT_DEATH(WriteChart(surface, "unused"), "map cell");
}

}  // namespace
}  // namespace mote
