// Multiply-adds of one image through the benchmark's network, as NAS-Bench-201 counts them (there
// called FLOPs): convolutions and the linear layer, operations on dead edges included (Dong & Yang,
// ICLR 2020).
#include "mote/estimate/counter.h"
#include "mote/graph/cost.h"

namespace mote {

MOTE_ESTIMATOR(macs) {
  registry.Add("macs", "multiply-adds of the full network, dead operations counted", {},
               [](const Options&, const Setting&) {
                 return MakeCounter("macs", "1", [](const Subject& subject) {
                   return double(CountCost(BenchmarkNetwork(subject, BuildForm::kFull)).macs);
                 });
               });
}

}  // namespace mote
