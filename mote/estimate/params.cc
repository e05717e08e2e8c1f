// Trainable parameters of the benchmark's network, as NAS-Bench-201 counts them: operations on dead
// edges included (Dong & Yang, ICLR 2020).
#include "mote/estimate/counter.h"
#include "mote/graph/cost.h"

namespace mote {

MOTE_ESTIMATOR(params) {
  registry.Add("params", "parameters of the full network, dead operations counted", {},
               [](const Options&, const Setting&) {
                 return MakeCounter("params", "1", [](const Subject& subject) {
                   return double(CountCost(BenchmarkNetwork(subject, BuildForm::kFull)).params);
                 });
               });
}

}  // namespace mote
