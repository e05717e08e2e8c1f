#include "mote/estimate/mote_terms.h"

#include <cmath>

#include "mote/base/check.h"
#include "mote/base/stats.h"

namespace mote {
namespace {

double Transform(double term, const TermTransform& transform) {
  return transform.weight * (BoxCox(term, transform.lambda) - transform.shift);
}

TermTransform ReleasedTransform(double lambda, double sigma) {
  return {.lambda = lambda, .shift = 0, .weight = lambda * lambda * sigma};
}

}  // namespace

double LandscapeTerm(std::span<const double> line_losses, MoteForm form) {
  double sum = 0;
  for (double loss : line_losses) sum += form == MoteForm::kSlides ? loss : 1.0 / loss;
  return sum;
}

double SpeedTerm(std::span<const double> epoch_losses, double seconds, MoteForm form) {
  MOTE_CHECK(!epoch_losses.empty() && seconds > 0);
  double sum = 0;
  for (double loss : epoch_losses) sum += loss;
  const double epochs = double(epoch_losses.size());
  return form == MoteForm::kSlides ? sum * epochs / seconds : seconds * epochs / sum;
}

double JoinTerms(double landscape, double speed, const Calibration& calibration) {
  return Transform(landscape, calibration.landscape) + Transform(speed, calibration.speed);
}

Calibration ReleasedCalibration() {
  return {.landscape = ReleasedTransform(0.86, 1.216),
          .speed = ReleasedTransform(0.617, 0.961),
          .source = "the MOTE authors' code, constants of NAS-Bench-201"};
}

double CountedSeconds(const LiveEdges& live) {
  return 6.338 + 0.704 * live.conv_1x1 + 1.134 * live.conv_3x3;
}

}  // namespace mote
