#include "mote/report/chart_front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "mote/base/rng.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

ScatterPanel Panel(std::vector<ScatterPoint> points) {
  ScatterPanel panel;
  panel.series = {{"s", std::move(points)}};
  return panel;
}

TEST(ChartFront, KeepsWhatNothingCheaperReaches) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  //                                 best of all   dearer, worse  cheapest   equal cost   gap
  const auto panel = Panel({{3, 0.9}, {4, 0.8}, {1, 0.5}, {1, 0.4}, {2, nan}, {2, 0.5}, {3, 0.9}});
  EXPECT_THAT(FrontMembers(panel),
              ElementsAre(ElementsAre(true, false, true, false, false, false, false)));
  const auto line = FrontLine(panel);
  ASSERT_EQ(line.size(), 2u);
  EXPECT_EQ(line[0].x, 1);
  EXPECT_EQ(line[1].y, 0.9);
}

TEST(ChartFront, LeavesOutWhatALogarithmicAxisHasNoPlaceFor) {
  auto panel = Panel({{0, 1}, {1, 0.5}});
  EXPECT_THAT(FrontMembers(panel), ElementsAre(ElementsAre(true, false)));
  panel.log_x = true;
  EXPECT_THAT(FrontMembers(panel), ElementsAre(ElementsAre(false, true)));
}

// Against the definition, with many ties.
TEST(ChartFront, IsWhatTheDefinitionSays) {
  Rng rng(Key(1, "front"));
  for (int round = 0; round < 50; ++round) {
    std::vector<ScatterPoint> points;
    for (int i = 0; i < 40; ++i) {
      points.push_back({double(rng.Below(8)), double(rng.Below(8)), ""});
    }
    const auto members = FrontMembers(Panel(points))[0];
    for (std::size_t i = 0; i < points.size(); ++i) {
      bool beaten = false;
      for (std::size_t j = 0; j < points.size(); ++j) {
        const bool equal = points[j].x == points[i].x && points[j].y == points[i].y;
        const bool as_good = points[j].x <= points[i].x && points[j].y >= points[i].y;
        beaten = beaten || (as_good && (!equal || j < i));
      }
      EXPECT_EQ(members[i], !beaten) << i;
    }
  }
}

}  // namespace
}  // namespace mote
