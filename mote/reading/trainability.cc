#include "mote/reading/trainability.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "mote/reading/finite.h"
#include "mote/reading/spectrum.h"

namespace mote {
namespace {

std::size_t ImageSize(const SlopeMap& map) {
  return std::size_t(map.height) * std::size_t(map.width) * std::size_t(map.channels);
}

void CheckShape(const SlopeMap& map) {
  MOTE_CHECK(map.height >= 1 && map.width >= 1 && map.channels >= 1 && !map.slopes.empty() &&
                 map.slopes.size() % ImageSize(map) == 0,
             "{} slopes of {} x {} with {} channels", map.slopes.size(), map.height, map.width,
             map.channels);
}

// source^T result, [channels * factor^2][channels of result], summed over images and positions of
// the result. Row (dy, dx, c) is channel c of the pixel at (dy, dx) under the position.
std::vector<double> CrossProduct(const SlopeMap& source, const SlopeMap& result, int factor) {
  const std::size_t images = result.slopes.size() / ImageSize(result);
  const std::size_t rows = std::size_t(factor) * std::size_t(factor) * std::size_t(source.channels);
  const std::size_t columns = std::size_t(result.channels);
  std::vector<double> product(rows * columns);
  const double* out = result.slopes.data();
  for (std::size_t image = 0; image < images; ++image) {
    const double* const pixels = &source.slopes[image * ImageSize(source)];
    for (int y = 0; y < result.height; ++y) {
      for (int x = 0; x < result.width; ++x, out += columns) {
        double* sums = product.data();
        for (int dy = 0; dy < factor; ++dy) {
          const std::size_t row =
              std::size_t(y * factor + dy) * std::size_t(source.width) + std::size_t(x * factor);
          const double* const in = pixels + row * std::size_t(source.channels);
          for (int c = 0; c < factor * source.channels; ++c, sums += columns) {
            for (std::size_t k = 0; k < columns; ++k) sums[k] += in[c] * out[k];
          }
        }
      }
    }
  }
  return product;
}

}  // namespace

double TrainabilityTerm(double sigma) { return -sigma - 1 / (sigma + 1e-6) + 2; }

Outcome<double> BlockTrainability(const SlopeMap& source, const SlopeMap& result) {
  CheckShape(source);
  CheckShape(result);
  const int factor = source.height / result.height;
  MOTE_CHECK(source.height == factor * result.height && source.width == factor * result.width,
             "{} x {} from {} x {}", result.height, result.width, source.height, source.width);
  MOTE_CHECK(source.slopes.size() / ImageSize(source) == result.slopes.size() / ImageSize(result));
  if (!AllFinite(source.slopes) || !AllFinite(result.slopes)) return NotFinite("slopes");
  if (source.channels == result.channels && std::ranges::equal(source.slopes, result.slopes)) {
    return -std::numeric_limits<double>::infinity();
  }
  std::vector<double> product = CrossProduct(source, result, factor);
  const double positions = double(result.slopes.size() / std::size_t(result.channels));
  for (double& entry : product) entry /= positions;
  if (!AllFinite(product)) return NotFinite("slopes");
  const int rows = factor * factor * source.channels;
  return TrainabilityTerm(SpectralNorm(product, rows, result.channels));
}

}  // namespace mote
