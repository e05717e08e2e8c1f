// Convolution weights of the benchmark's network on live edges only: what of the parameters can
// reach the output. It ranks within .03 of MOTE on NAS-Bench-201 without training anything.
#include "mote/estimate/counter.h"
#include "mote/graph/cost.h"

namespace mote {

MOTE_ESTIMATOR(live_weights) {
  registry.Add(
      "live-weights", "convolution weights on live edges", {}, [](const Options&, const Setting&) {
        return MakeCounter("live-weights", "1", [](const Subject& subject) {
          return double(CountCost(BenchmarkNetwork(subject, BuildForm::kLive)).conv_weights);
        });
      });
}

}  // namespace mote
