#include "mote/probe/weight_vector.h"

#include <cmath>

#include "mote/base/check.h"

namespace mote {

double Dot(std::span<const double> a, std::span<const double> b) {
  MOTE_CHECK(a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double Norm(std::span<const double> a) { return std::sqrt(Dot(a, a)); }

}  // namespace mote
