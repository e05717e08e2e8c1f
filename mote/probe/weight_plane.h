// A plane in the space of a network's weights.
#pragma once

#include <span>
#include <vector>

#include "mote/graph/network.h"

namespace mote {

using Weights = std::vector<double>;

// origin + u first + v second. The directions are independent, but need not be orthogonal.
struct WeightPlane {
  Weights origin;
  Weights first;
  Weights second;

  Weights At(double u, double v) const;
  // Coordinates of the plane's point nearest to these weights.
  struct Coordinates {
    double u = 0;
    double v = 0;
  };
  Coordinates Project(std::span<const double> weights) const;
};

// Through the last of the path's weights: `first` leads from the first ones to the last, `second`
// is what of the middle ones lies beside that line, as long as `first` is. Where nothing lies
// beside it, the plane has no second direction, and `second` is zero.
WeightPlane PlaneThroughPoints(std::span<const Weights> path);

// Through the last of the path's weights, along the two main directions of the path about them,
// as long as the path's extent along each. O(size path^2).
WeightPlane PlaneOfPath(std::span<const Weights> path);

// Scales every filter (the weights of one result channel of a convolution or linear operation) of
// the direction to the norm of the same filter of `weights`; parameters of batch normalisations and
// biases become zero, as Li et al. have it.
void NormaliseFilters(const Network& network, std::span<const double> weights, Weights& direction);

}  // namespace mote
