#include "mote/run/mote_series.h"

#include "mote/base/check.h"
#include "mote/estimate/calibration.h"
#include "mote/estimate/mote_terms.h"

namespace mote {

ScoreSeries JoinOnOwnScale(const ScoreSeries& landscape, const ScoreSeries& speed) {
  MOTE_CHECK(landscape.size() == speed.size());
  std::vector<double> landscapes, speeds;
  for (std::size_t a = 0; a < landscape.size(); ++a) {
    if (!landscape[a] || !speed[a]) continue;
    landscapes.push_back(*landscape[a]);
    speeds.push_back(*speed[a]);
  }
  const Calibration calibration = FitCalibration(landscapes, speeds, "");
  ScoreSeries joined(landscape.size());
  for (std::size_t a = 0; a < joined.size(); ++a) {
    if (landscape[a] && speed[a]) joined[a] = JoinTerms(*landscape[a], *speed[a], calibration);
  }
  return joined;
}

}  // namespace mote
