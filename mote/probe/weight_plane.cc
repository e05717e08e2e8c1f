#include "mote/probe/weight_plane.h"

#include <algorithm>
#include <cmath>

#include "mote/base/check.h"
#include "mote/probe/weight_vector.h"
#include "mote/reading/gram.h"
#include "mote/reading/spectrum.h"

namespace mote {
namespace {

Weights Difference(std::span<const double> a, std::span<const double> b) {
  Weights difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return difference;
}

void Scale(double factor, std::span<double> a) {
  for (double& value : a) value *= factor;
}

}  // namespace

Weights WeightPlane::At(double u, double v) const {
  Weights point(origin.size());
  for (std::size_t i = 0; i < point.size(); ++i) {
    point[i] = origin[i] + u * first[i] + v * second[i];
  }
  return point;
}

WeightPlane::Coordinates WeightPlane::Project(std::span<const double> weights) const {
  const Weights offset = Difference(weights, origin);
  const double aa = Dot(first, first), bb = Dot(second, second), ab = Dot(first, second);
  const double a = Dot(offset, first), b = Dot(offset, second);
  if (bb == 0) return {aa > 0 ? a / aa : 0, 0};
  const double determinant = aa * bb - ab * ab;
  return {(a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant};
}

WeightPlane PlaneThroughPoints(std::span<const Weights> path) {
  MOTE_CHECK(path.size() >= 2);
  WeightPlane plane{.origin = path.back(),
                    .first = Difference(path.back(), path.front()),
                    .second = Difference(path[path.size() / 2], path.back())};
  const double square = Dot(plane.first, plane.first);
  const double before = Norm(plane.second);
  const double along = square > 0 ? Dot(plane.second, plane.first) / square : 0;
  for (std::size_t i = 0; i < plane.second.size(); ++i) plane.second[i] -= along * plane.first[i];
  // What rounding left of a middle that lies on the line is no direction.
  const double beside = Norm(plane.second);
  Scale(beside > 1e-9 * before ? std::sqrt(square) / beside : 0, plane.second);
  return plane;
}

WeightPlane PlaneOfPath(std::span<const Weights> path) {
  MOTE_CHECK(path.size() >= 2);
  const int n = int(path.size()) - 1;
  const std::size_t size = path.back().size();
  std::vector<double> offsets;
  for (int i = 0; i < n; ++i) {
    const Weights offset = Difference(path[i], path.back());
    offsets.insert(offsets.end(), offset.begin(), offset.end());
  }
  // The main directions are combinations of the offsets by the eigenvectors of their Gram matrix.
  const std::vector<double> mixes = LeadingEigenvectors(GramOfRows(offsets, n), n, std::min(n, 2));
  WeightPlane plane{.origin = path.back(), .first = Weights(size), .second = Weights(size)};
  for (int d = 0; d < std::min(n, 2); ++d) {
    Weights& direction = d == 0 ? plane.first : plane.second;
    for (int i = 0; i < n; ++i) {
      const double share = mixes[std::size_t(d) * n + i];
      for (std::size_t k = 0; k < size; ++k) direction[k] += share * offsets[i * size + k];
    }
    const double norm = Norm(direction);
    if (norm == 0) continue;
    Scale(1 / norm, direction);
    double low = 0, high = 0;
    for (int i = 0; i < n; ++i) {
      const double at = Dot({&offsets[i * size], size}, direction);
      low = std::min(low, at);
      high = std::max(high, at);
    }
    // The path starts at negative coordinates, as it does on a plane through points.
    const double start = Dot({offsets.data(), size}, direction);
    Scale(start > 0 ? low - high : high - low, direction);
  }
  return plane;
}

void NormaliseFilters(const Network& network, std::span<const double> weights, Weights& direction) {
  for (const Parameter& parameter : network.parameters()) {
    const auto begin = std::size_t(parameter.offset);
    const auto elements = std::size_t(parameter.elements());
    const std::span<double> part = std::span(direction).subspan(begin, elements);
    if (parameter.kind != ParameterKind::kConvKernel &&
        parameter.kind != ParameterKind::kLinearWeight) {
      std::fill(part.begin(), part.end(), 0.0);
      continue;
    }
    const std::size_t filter = elements / parameter.dims[0];
    for (std::size_t at = 0; at < elements; at += filter) {
      const double norm = Norm(part.subspan(at, filter));
      if (norm > 0)
        Scale(Norm(weights.subspan(begin + at, filter)) / norm, part.subspan(at, filter));
    }
  }
}

}  // namespace mote
