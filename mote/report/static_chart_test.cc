#include "mote/report/static_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::pair<double, double>> Pairs(const std::vector<StaticPoint>& points) {
  std::vector<std::pair<double, double>> pairs;
  for (const StaticPoint& point : points) pairs.emplace_back(point.x, point.y);
  return pairs;
}

TEST(FrontOf, KeepsWhatNothingBeats) {
  const std::vector<StaticPoint> points = {{3, 5}, {1, 1}, {2, 1},  {2, 4},
                                           {3, 4}, {4, 5}, {0, NAN}};
  EXPECT_THAT(Pairs(FrontOf(points, false)),
              ElementsAre(std::pair(1., 1.), std::pair(2., 4.), std::pair(3., 5.)));
  EXPECT_THAT(Pairs(FrontOf(points, true)), ElementsAre(std::pair(1., 1.)));
}

int Count(const std::string& text, const std::string& what) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) {
    ++count;
  }
  return count;
}

TEST(StaticHistogram, HasABarPerBinThatHoldsSomething) {
  // 16 values: five bins at least, of which the ends and the middle hold some.
  std::vector<double> values(16, 0.0);
  values[0] = -10;
  values[1] = 10;
  EXPECT_EQ(Count(StaticHistogram(values, "x"), "class=\"bar\""), 3);
  EXPECT_EQ(Count(StaticHistogram({7, 7, 7}, "x"), "class=\"bar\""), 1);
  EXPECT_EQ(StaticHistogram({}, "x"), "");
  EXPECT_EQ(StaticHistogram({NAN, kInfinity}, "x"), "");
  EXPECT_THAT(StaticHistogram({1e30, 1e40, 1, NAN}, "x"), Not(HasSubstr("nan")));
}

TEST(StaticStepChart, TakesAnyNumbersAndNames) {
  const std::string chart = StaticStepChart({{"<a>", {1, 2, 3}, {1, 1, 2}}, {"b", {}, {}}},
                                            {{1, NAN}, {2, kInfinity}, {3, 1}}, "x", "<y>");
  EXPECT_THAT(chart, HasSubstr("&lt;a&gt;"));
  EXPECT_THAT(chart, HasSubstr("&lt;y&gt;"));
  EXPECT_THAT(chart, Not(HasSubstr("nan")));
  EXPECT_THAT(chart, Not(HasSubstr("inf")));
}

// Many dots on few pixels take little room.
TEST(StaticFrontChart, StaysSmall) {
  std::vector<StaticPoint> dots;
  for (int i = 0; i < 100'000; ++i) dots.push_back({double(i % 300), double(i % 200)});
  EXPECT_LT(StaticFrontChart(dots, FrontOf(dots, false), "x", "y").size(), 50'000u);
}

}  // namespace
}  // namespace mote
