#include "mote/reading/training_speed.h"

#include <algorithm>
#include <cstddef>

#include "mote/base/check.h"

namespace mote {

double SumOfLosses(std::span<const double> losses) {
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return sum;
}

double SumOfLastLosses(std::span<const double> losses, int window) {
  MOTE_CHECK(window >= 0, "window {}", window);
  return SumOfLosses(losses.last(std::min(std::size_t(window), losses.size())));
}

double NormalisedMovingAverage(std::span<const double> losses, double past) {
  MOTE_CHECK(!losses.empty() && 0 <= past && past <= 1, "{} losses, past {}", losses.size(), past);
  double average = losses.front();
  for (const double loss : losses.subspan(1)) average = past * average + (1 - past) * loss;
  return average;
}

double DiscountedSumOfLosses(std::span<const double> losses, double decay) {
  double sum = 0;
  for (const double loss : losses) sum = decay * sum + loss;
  return sum;
}

}  // namespace mote
