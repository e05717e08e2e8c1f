// The number of live convolutions of a cell: the simplest baseline of all, and without dangling
// operations better than parameters on two of NAS-Bench-201's three data sets.
#include "mote/estimate/counter.h"

namespace mote {

MOTE_ESTIMATOR(conv_edges) {
  registry.Add("conv-edges", "live convolutions of a cell", {}, [](const Options&, const Setting&) {
    return MakeCounter("conv-edges", "1", [](const Subject& subject) {
      return double(subject.space.CountLiveEdges(subject.architecture).convs());
    });
  });
}

}  // namespace mote
