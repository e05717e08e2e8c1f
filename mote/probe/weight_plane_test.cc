#include "mote/probe/weight_plane.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mote {
namespace {

TEST(WeightPlane, ThroughPointsByHand) {
  // From (0,0,0) by way of (1,1,0) to (2,0,0): beside the line lies (0,1,0), as long as the line.
  const std::vector<Weights> path = {{0, 0, 0}, {1, 1, 0}, {2, 0, 0}};
  const WeightPlane plane = PlaneThroughPoints(path);
  EXPECT_EQ(plane.origin, path[2]);
  EXPECT_EQ(plane.first, (Weights{2, 0, 0}));
  EXPECT_EQ(plane.second, (Weights{0, 2, 0}));
  EXPECT_EQ(plane.Project(path[0]).u, -1);
  EXPECT_EQ(plane.Project(path[0]).v, 0);
  EXPECT_EQ(plane.Project(path[1]).u, -0.5);
  EXPECT_EQ(plane.Project(path[1]).v, 0.5);
  // What is off the plane is seen straight below.
  EXPECT_EQ(plane.Project(Weights{2, 2, 7}).v, 1);
  EXPECT_EQ(plane.At(-1, 0), path[0]);
  EXPECT_EQ(plane.At(-0.5, 0.5), path[1]);
}

TEST(WeightPlane, OfAStraightPathHasNoSecondDirection) {
  const std::vector<Weights> path = {{0, 0}, {1, 1}, {2, 2}};
  const WeightPlane plane = PlaneThroughPoints(path);
  EXPECT_EQ(plane.second, (Weights{0, 0}));
  EXPECT_EQ(plane.Project(path[1]).u, -0.5);
  EXPECT_EQ(plane.Project(path[1]).v, 0);
}

TEST(WeightPlane, OfThePathFindsItsMainDirections) {
  // Long along the second coordinate, a little along the fourth.
  const std::vector<Weights> path = {
      {0, -9, 0, 0}, {0, -6, 0, 0.5}, {0, -3, 0, -0.5}, {0, 0, 0, 0}};
  const WeightPlane plane = PlaneOfPath(path);
  EXPECT_NEAR(std::abs(plane.first[1]), 9, 0.1);
  EXPECT_NEAR(plane.first[0], 0, 1e-12);
  double product = 0;
  for (int i = 0; i < 4; ++i) product += plane.first[i] * plane.second[i];
  EXPECT_NEAR(product, 0, 1e-9);
  EXPECT_LT(plane.Project(path[0]).u, -0.9);
  for (const Weights& weights : path) {
    const auto [u, v] = plane.Project(weights);
    const Weights seen = plane.At(u, v);
    for (int i = 0; i < 4; ++i) EXPECT_NEAR(seen[i], weights[i], 1e-9);
  }
}

TEST(WeightPlane, ProjectsOnDirectionsThatAreNotOrthogonal) {
  const WeightPlane plane{.origin = {0, 0}, .first = {1, 0}, .second = {1, 1}};
  const auto [u, v] = plane.Project(Weights{5, 2});
  EXPECT_DOUBLE_EQ(u, 3);
  EXPECT_DOUBLE_EQ(v, 2);
}

TEST(NormaliseFilters, GivesEachFilterTheNormOfTheTrainedOne) {
  NetworkBuilder b({1, 2, 2});
  int x = b.Conv("conv", 0, 2, 1, 1, 0);
  x = b.BatchNorm("norm", x, 1e-5, 0.1);
  b.Linear("head", b.GlobalAvgPool("gap", x), 2);
  const Network network = b.Finish();
  //                                  conv   gamma  beta   head        bias
  const std::vector<double> trained = {3, 4, 9, 9, 9, 9, 3, 4, 0, 2, 9, 9};
  Weights direction = {1, -2, 1, 1, 1, 1, 0, 10, 1, 0, 1, 1};
  NormaliseFilters(network, trained, direction);
  EXPECT_EQ(direction, (Weights{3, -4, 0, 0, 0, 0, 0, 5, 2, 0, 0, 0}));
}

}  // namespace
}  // namespace mote
