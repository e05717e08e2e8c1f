#include "mote/reading/knas_released.h"

#include <cstddef>

#include "mote/reading/finite.h"

namespace mote {
namespace {

constexpr std::int64_t kTensors = 11;
constexpr std::int64_t kCoordinates = 50;  // of a tensor

}  // namespace

std::vector<std::int64_t> KnasCoordinates(std::span<const std::int64_t> tensor_sizes) {
  std::vector<std::int64_t> coordinates;
  std::int64_t offset = 0;
  for (const std::int64_t size : tensor_sizes) {
    if (std::ssize(coordinates) == kTensors * kCoordinates) break;
    if (size >= kCoordinates) {
      for (std::int64_t i = 0; i < kCoordinates; ++i) coordinates.push_back(offset + i);
    }
    offset += size;
  }
  return coordinates;
}

Outcome<double> SplitHalfCovariance(std::span<const double> gradients, int n) {
  MOTE_CHECK(n >= 2 && n % 2 == 0 && gradients.size() % std::size_t(n) == 0,
             "{} gradients of {} images", gradients.size(), n);
  if (!AllFinite(gradients)) return NotFinite("gradients");
  const std::size_t half = std::size_t(n) / 2, coordinates = gradients.size() / std::size_t(n);
  double sum = 0;
  for (std::size_t c = 0; c < coordinates; ++c) {
    const auto first = [&](std::size_t i) { return gradients[i * coordinates + c]; };
    const auto second = [&](std::size_t i) { return gradients[(half + i) * coordinates + c]; };
    double first_mean = 0, second_mean = 0;
    for (std::size_t i = 0; i < half; ++i) {
      first_mean += first(i) / double(half);
      second_mean += second(i) / double(half);
    }
    for (std::size_t i = 0; i < half; ++i) {
      sum += (first(i) - first_mean) * (second(i) - second_mean);
    }
  }
  return sum / (double(n) * double(n));
}

}  // namespace mote
