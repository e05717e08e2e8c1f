#include "mote/report/chart_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

constexpr Area kFrame = {0, 0, 400, 300};

bool Overlap(const Area& a, const Area& b) {
  return a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom();
}

TEST(PlaceNames, PutsANameBesideItsPointInsideTheFrame) {
  const auto boxes = PlaceNames({{200, 150, "middle"}, {399, 1, "corner"}}, {}, kFrame, 12);
  ASSERT_EQ(boxes.size(), 2u);
  EXPECT_GT(boxes[0].area.left, 200);
  EXPECT_FALSE(boxes[0].apart);
  EXPECT_LT(boxes[1].area.right(), 399);
  EXPECT_GE(boxes[1].area.top, 0);
  EXPECT_EQ(boxes[1].name, "corner");
}

TEST(PlaceNames, KeepsNamesApart) {
  std::vector<NamedPlace> places;
  std::vector<Area> points;
  for (int i = 0; i < 8; ++i) {
    const double x = 150 + 12.0 * i, y = 150 + 5.0 * (i % 2);
    places.push_back({x, y, "setting"});
    points.push_back({x - 4, y - 4, 8, 8});
  }
  const auto boxes = PlaceNames(places, points, kFrame, 12);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_GE(boxes[i].area.left, 0);
    EXPECT_LE(boxes[i].area.right(), 400);
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(Overlap(boxes[i].area, boxes[j].area));
    for (const Area& point : points) EXPECT_FALSE(Overlap(boxes[i].area, point));
  }
}

// No room at all: every name still stands somewhere.
TEST(PlaceNames, PlacesAllInACrowd) {
  const std::vector<NamedPlace> places(200, {10, 10, "crowd"});
  EXPECT_EQ(PlaceNames(places, {{0, 0, 400, 300}}, kFrame, 12).size(), 200u);
}

}  // namespace
}  // namespace mote
