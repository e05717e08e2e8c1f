#include "mote/report/cell_svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "mote/base/error.h"
#include "mote/report/cell_graph.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kAllConvs =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~"
    "2|";
constexpr const char* kDangling =
    "|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|";
constexpr const char* kDisconnected =
    "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|none~0|none~1|none~2|";
constexpr const char* kEmpty = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";

std::string Drawn(const char* cell, const std::vector<std::string>& caption = {}) {
  const auto space = MakeNasBench201();
  return CellSvg(*space, space->Parse(cell), caption);
}

int Count(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return static_cast<int>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), regex), std::sregex_iterator()));
}

// Edges in the cell, not those of the legend.
int Edges(const std::string& svg) { return Count(svg, "class=\"edge\"[^\n]*class=\"tip\""); }

// Whether tags nest and nothing else contains '<' or a bare '&': what makes a document that readers
// refuse.
testing::AssertionResult IsWellFormed(const std::string& xml) {
  std::vector<std::string> open;
  const std::regex token(
      "<(/?)([a-z]+)((?: [a-zA-Z-]+=\"[^\"<]*\")*)(/?)>|<|&(?!(amp|lt|gt|quot);)");
  for (std::sregex_iterator match(xml.begin(), xml.end(), token), end; match != end; ++match) {
    const std::smatch& tag = *match;
    if (!tag[2].matched)
      return testing::AssertionFailure() << "stray " << tag.suffix().str().substr(0, 40);
    if (tag[1] == "/") {
      if (open.empty() || open.back() != tag[2]) {
        return testing::AssertionFailure() << "</" << tag[2] << "> closes nothing";
      }
      open.pop_back();
    } else if (tag[4] != "/") {
      open.push_back(tag[2]);
    }
  }
  if (!open.empty()) return testing::AssertionFailure() << "<" << open.back() << "> stays open";
  return testing::AssertionSuccess();
}

// A space whose choices are given; its architectures come from Make.
class NamedSpace : public FakeSpace {
 public:
  explicit NamedSpace(std::vector<Choice> choices) : FakeSpace({}), choices_(std::move(choices)) {}
  const std::vector<Choice>& choices() const override { return choices_; }

 private:
  std::vector<Choice> choices_;
};

TEST(CellSvg, IsACompleteDocumentOfItsOwn) {
  const std::string svg = Drawn(kAllConvs, {"caption"});
  EXPECT_THAT(svg, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr("<title>|nor_conv_3x3~0|+|"));
  EXPECT_THAT(svg, HasSubstr("@media (prefers-color-scheme:dark)"));
  EXPECT_THAT(svg, Not(HasSubstr("href")));  // nothing is loaded
  EXPECT_THAT(svg, Not(HasSubstr(" id=")));  // nothing clashes when two stand in one page
  for (const char* cell : {kAllConvs, kDangling, kDisconnected, kEmpty}) {
    EXPECT_TRUE(IsWellFormed(Drawn(cell, {"a", "b"})));
  }
}

TEST(CellSvg, WellFormednessCheckCanFail) {
  EXPECT_FALSE(IsWellFormed("<g><text>a</g></text>"));
  EXPECT_FALSE(IsWellFormed("<g>a < b</g>"));
  EXPECT_FALSE(IsWellFormed("<g>a & b</g>"));
  EXPECT_FALSE(IsWellFormed("<g>"));
}

TEST(CellSvg, IsDeterministic) { EXPECT_EQ(Drawn(kDangling, {"x"}), Drawn(kDangling, {"x"})); }

TEST(CellSvg, DrawsEveryEdgeButNone) {
  EXPECT_EQ(Edges(Drawn(kAllConvs)), 6);
  EXPECT_EQ(Edges(Drawn(kDangling)), 3);
  EXPECT_EQ(Edges(Drawn(kDisconnected)), 3);
  EXPECT_EQ(Edges(Drawn(kEmpty)), 0);
  EXPECT_EQ(Count(Drawn(kAllConvs), ">conv 3\u00d73<"), 6);
  EXPECT_THAT(Drawn(kEmpty), Not(HasSubstr(">none<")));
  EXPECT_EQ(Count(Drawn(kEmpty), "class=\"node\""), 4);
}

TEST(CellSvg, ShowsDanglingEdgesAndDeadNodesApart) {
  const std::string svg = Drawn(kDangling);
  EXPECT_EQ(Count(svg, "<g class=\"conv3 dangling\"><path"), 1);
  EXPECT_EQ(Count(svg, "<g class=\"conv1 dangling\"><path"), 1);
  EXPECT_EQ(Count(svg, "<g class=\"skip\"><path"), 1);
  EXPECT_EQ(Count(svg, "class=\"dead\""), 2);
  EXPECT_THAT(svg, HasSubstr("on no path from input to output"));
  EXPECT_THAT(Drawn(kAllConvs), Not(HasSubstr("class=\"dead\"")));
  EXPECT_THAT(Drawn(kAllConvs), Not(HasSubstr("on no path")));
}

TEST(CellSvg, SaysWhenTheOutputDependsOnNothing) {
  const std::string words = "The output does not depend on the input.";
  EXPECT_THAT(Drawn(kDisconnected), HasSubstr(words));
  EXPECT_THAT(Drawn(kEmpty), HasSubstr(words));
  EXPECT_THAT(Drawn(kDangling), Not(HasSubstr(words)));
}

TEST(CellSvg, ExplainsTheOperationsThatItDraws) {
  const std::string svg = Drawn(kDangling);
  EXPECT_THAT(svg, HasSubstr(">skip connection<"));
  EXPECT_THAT(svg, HasSubstr(">1\u00d71 convolution<"));
  EXPECT_THAT(svg, HasSubstr(">3\u00d73 convolution<"));
  EXPECT_THAT(svg, Not(HasSubstr("average pooling")));
}

TEST(CellSvg, EscapesAndWrapsCaptions) {
  const std::string svg = Drawn(kAllConvs, {"a <b> & \"c\"\x1b", std::string(400, 'x')});
  EXPECT_THAT(svg, HasSubstr(">a &lt;b&gt; &amp; &quot;c&quot; <"));
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_EQ(Count(svg, "<text x=\"32\" y=\"[0-9.]+\">x+</text>"),
            5);  // 400 * 8.32 in lines of 656+
}

TEST(CellSvg, GrowsByItsCaption) {
  const auto height = [](const std::string& svg) {
    std::smatch match;
    std::regex_search(svg, match, std::regex("height=\"([0-9.]+)\""));
    return std::stod(match[1]);
  };
  const double without = height(Drawn(kAllConvs));
  EXPECT_DOUBLE_EQ(height(Drawn(kAllConvs, {"a", "b"})), without + 6 + 2 * 20);
}

TEST(CellSvg, LabelsDoNotOverlap) {
  const std::string svg = Drawn(kAllConvs);
  struct Box {
    double x, y, width, height;
  };
  std::vector<Box> boxes;
  const std::regex rect(
      "class=\"label\"><rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" "
      "height=\"([0-9.]+)\"");
  for (std::sregex_iterator match(svg.begin(), svg.end(), rect), end; match != end; ++match) {
    boxes.push_back({std::stod((*match)[1]), std::stod((*match)[2]), std::stod((*match)[3]),
                     std::stod((*match)[4])});
  }
  ASSERT_EQ(boxes.size(), 6u);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Box &a = boxes[i], &b = boxes[j];
      const bool apart = a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y ||
                         b.y + b.height < a.y;
      EXPECT_TRUE(apart) << i << " and " << j;
    }
  }
}

struct Curve {
  double x[4];
  double y[4];
  double X(double t) const { return At(x, t); }
  double Y(double t) const { return At(y, t); }
  static double At(const double* p, double t) {
    const double s = 1 - t;
    return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
  }
};

// All pairs of points on the lines of two different edges keep their distance.
TEST(CellSvg, EdgesNeitherCrossNorTouch) {
  const std::string svg = Drawn(kAllConvs);
  const std::string number = "(-?[0-9.]+)";
  const std::string point = number + "," + number;
  const std::regex straight("class=\"edge\" d=\"M" + point + "L" + point + "\"/><path");
  const std::regex arc("class=\"edge\" d=\"M" + point + "C" + point + " " + point + " " + point);
  std::vector<Curve> curves;
  for (std::sregex_iterator match(svg.begin(), svg.end(), arc), end; match != end; ++match) {
    Curve curve;
    for (int i = 0; i < 4; ++i) {
      curve.x[i] = std::stod((*match)[2 * i + 1]);
      curve.y[i] = std::stod((*match)[2 * i + 2]);
    }
    curves.push_back(curve);
  }
  for (std::sregex_iterator match(svg.begin(), svg.end(), straight), end; match != end; ++match) {
    const double x0 = std::stod((*match)[1]), x1 = std::stod((*match)[3]),
                 y = std::stod((*match)[2]);
    curves.push_back({{x0, x0 + (x1 - x0) / 3, x0 + (x1 - x0) * 2 / 3, x1}, {y, y, y, y}});
  }
  ASSERT_EQ(curves.size(), 6u);
  double nearest = 1e9;
  for (std::size_t a = 0; a < curves.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      for (int i = 0; i <= 100; ++i) {
        for (int j = 0; j <= 100; ++j) {
          nearest = std::min(nearest, std::hypot(curves[a].X(i / 100.) - curves[b].X(j / 100.),
                                                 curves[a].Y(i / 100.) - curves[b].Y(j / 100.)));
        }
      }
    }
  }
  EXPECT_GT(nearest, 4 * 2.25);  // four times the width of a line
}

TEST(CellSvg, DrawsOperationsThatItDoesNotKnow) {
  const NamedSpace space({{"edge 1<-0", {"none", "a<b>&\"a very long name of an operation\""}}});
  const std::string svg = CellSvg(space, space.Make({1}), {});
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_THAT(svg, HasSubstr(">a&lt;b&gt;&amp;&quot;a ver\u2026</text>"));  // 12 columns
  EXPECT_THAT(svg, HasSubstr("class=\"other\""));
}

TEST(CellSvg, RefusesSpacesWithoutCells) {
  for (const char* name : {"place 0", "edge 0<-1", "edge 1<-1", "edge 1<-", "edge 1<-0 x",
                           "edge a<-0", "edge -1<--2", "edge 100<-0", "edge 99999999999<-0"}) {
    const NamedSpace space({{name, {"none", "a"}}});
    try {
      CellSvg(space, space.Make({0}), {});
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
  const NamedSpace empty({});
  EXPECT_THROW(CellSvg(empty, empty.Make({}), {}), Error);
}

TEST(CellGraph, AgreesWithTheSpaceOnEveryCell) {
  const auto space = MakeNasBench201();
  for (std::int64_t i = 0; i < space->size(); ++i) {
    const Architecture architecture = space->At(i);
    const CellGraph cell = MakeCellGraph(*space, architecture);
    LiveEdges live;
    bool has_dangling = false;
    for (const CellEdge& edge : cell.edges) {
      has_dangling |= !edge.is_none && !edge.is_live;
      if (!edge.is_live) continue;
      live.skip += edge.operation == "skip_connect";
      live.conv_1x1 += edge.operation == "nor_conv_1x1";
      live.conv_3x3 += edge.operation == "nor_conv_3x3";
      live.pool += edge.operation == "avg_pool_3x3";
    }
    ASSERT_EQ(live, space->CountLiveEdges(architecture)) << architecture.text();
    ASSERT_EQ(has_dangling, space->HasDanglingEdges(architecture)) << architecture.text();
    ASSERT_EQ(cell.is_connected, space->IsConnected(architecture)) << architecture.text();
  }
}

TEST(CellGraph, PutsArcsWhereTheyCrossNothing) {
  const auto space = MakeNasBench201();
  const CellGraph cell = MakeCellGraph(*space, space->Parse(kAllConvs));
  std::vector<int> sides;
  for (const CellEdge& edge : cell.edges) sides.push_back(edge.side);
  //                              1<-0 2<-0 2<-1 3<-0 3<-1 3<-2
  EXPECT_THAT(sides, ElementsAre(0, 1, 0, 1, -1, 0));
  EXPECT_THAT(cell.is_live, ElementsAre(true, true, true, true));
}

}  // namespace
}  // namespace mote
